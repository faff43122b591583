import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createObjectStoreClient,
  type ObjectStoreOptions,
  type UploadOptions,
} from '../../src/cloud/objects/client.ts';
import { Crc64 } from '../../src/core/checksum/crc64.ts';
import { EasError } from '../../src/core/errors.ts';
import type { Credentials } from '../../src/core/target.ts';
import { makeCertificate } from '../support/certificate.ts';
import { type FakeOss, type Faults, ossError, startOss } from '../support/fake-oss.ts';
import { startProxy } from '../support/proxy.ts';
import { startRaw } from '../support/raw-server.ts';

const MIB = 1024 * 1024;
const clock = { now: () => 0, random: () => 0, sleep: async () => {} };
const credentials: Credentials = { accessKeyId: 'id', accessKeySecret: 'hidden-secret' };

let dir: string;
let path: string;
const stops: (() => void)[] = [];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'eascmd-upload-'));
  path = join(dir, 'model.tar.gz');
});
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
  rmSync(dir, { recursive: true, force: true });
});
const until = <T extends { stop(): void }>(thing: T): T => {
  stops.push(() => thing.stop());
  return thing;
};
const store = (faults?: Faults) => until(startOss(faults));

function upload(
  oss: { url: string },
  more: Partial<UploadOptions> = {},
  options: ObjectStoreOptions = {},
  keys = credentials,
) {
  const target = { kind: 'cloud' as const, apiUrl: '', region: 'cn-shanghai', objectStoreUrl: oss.url };
  const client = createObjectStoreClient(target, keys, { clock, ...options });
  return client.upload(path, { bucket: 'eas-model-shanghai', key: '1828/dir/模型 1.tar.gz', ...more });
}

async function failure(promise: Promise<unknown>): Promise<EasError> {
  const error = await promise.then(
    () => undefined,
    (thrown) => thrown,
  );
  if (error instanceof EasError) return error;
  throw error ?? new Error('nothing was thrown');
}

/** Bytes that differ from part to part. */
function fill(sizeBytes: number): Buffer {
  const bytes = Buffer.alloc(sizeBytes);
  for (let at = 0; at < sizeBytes; at += 4096) bytes.writeUInt32LE(at, at);
  writeFileSync(path, bytes);
  return bytes;
}

const object = (oss: FakeOss) => oss.objects.get('eas-model-shanghai/1828/dir/模型 1.tar.gz');
const isEmpty = (oss: FakeOss) => oss.objects.size === 0 && oss.openUploads.size === 0;

describe('an upload', () => {
  // proves: upload (wire, recorder)
  test('of a small file is one put, signed with V4, to the bucket of the Host', async () => {
    writeFileSync(path, 'hello');
    const oss = store();
    expect(await upload(oss)).toEqual({
      sizeBytes: 5,
      skippedBytes: 0,
      isUnchanged: false,
      url: 'oss://eas-model-shanghai/1828/dir/模型 1.tar.gz',
    });
    expect(new TextDecoder().decode(object(oss))).toBe('hello');
    expect(oss.log).toEqual(['OSS4-HMAC-SHA256 PUT /1828/dir/%E6%A8%A1%E5%9E%8B%201.tar.gz']);
    expect(oss.headers[0]!.authorization).toContain('/cn-shanghai/oss/aliyun_v4_request');
  });

  test('of an empty file makes an empty object', async () => {
    writeFileSync(path, '');
    const oss = store();
    expect((await upload(oss)).sizeBytes).toBe(0);
    expect(object(oss)).toHaveLength(0);
  });

  test('of a larger file is sent in parts and arrives byte for byte', async () => {
    const bytes = fill(20 * MIB + 17);
    const oss = store();
    const progress: number[] = [];
    await upload(oss, { onProgress: (sent, total) => void progress.push(sent / total) });
    expect(Buffer.compare(object(oss)!, bytes)).toBe(0);
    expect(oss.log.filter((line) => line.includes('partNumber='))).toHaveLength(6);
    expect(oss.openUploads.size).toBe(0);
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));
    expect(progress.length).toBeGreaterThan(6);
    expect(progress.at(-1)).toBe(1);
  });

  test('carries an STS token', async () => {
    writeFileSync(path, 'x');
    const oss = store();
    await upload(oss, {}, {}, { ...credentials, securityToken: 'sts' });
    expect(oss.headers[0]!['x-oss-security-token']).toBe('sts');
  });

  test('goes to another endpoint when told, as --inner does', async () => {
    writeFileSync(path, 'x');
    const oss = store();
    await upload({ url: 'http://nowhere.invalid' }, {}, { objectStoreUrl: oss.url });
    expect(oss.objects.size).toBe(1);
  });

  test('through a proxy', async () => {
    writeFileSync(path, 'x');
    const oss = store();
    const proxy = until(await startProxy());
    const url = oss.url.replace('127.0.0.1', 'eas.test');
    await upload({ url }, {}, { network: { httpProxy: proxy.url } });
    expect(proxy.lines[0]).toStartWith(`PUT ${url.replace('eas.test', 'eas-model-shanghai.eas.test')}/1828/`);
    expect(oss.objects.size).toBe(1);
  });

  const certificate = makeCertificate();
  test.skipIf(!certificate)('with TLS, a custom CA and a proxy', async () => {
    writeFileSync(path, 'x');
    const oss = until(startOss({}, certificate));
    const proxy = until(await startProxy());
    const url = oss.url.replace('127.0.0.1', 'eas.test');
    await upload({ url }, {}, { network: { httpsProxy: proxy.url, ca: certificate!.cert } });
    expect(proxy.lines).toEqual([`CONNECT eas-model-shanghai.${new URL(url).host}`]);
    expect((await failure(upload(oss))).code).toBe('TlsFailed');
    const refusing = until(await startProxy({ refuse: 403 }));
    const refused = await failure(upload({ url }, {}, { network: { httpsProxy: refusing.url } }));
    expect(refused.message).toContain(`the proxy ${refusing.url} refused to connect`);
  });
});

describe('a file that', () => {
  test('is not there', async () => {
    expect(await failure(upload(store()))).toMatchObject({ code: 'FileNotFound', exit: 2 });
  });

  test('is a folder', async () => {
    mkdirSync(path);
    expect(await failure(upload(store()))).toMatchObject({ code: 'NotAFile', exit: 2 });
  });

  test.each<[string, () => void, string]>([
    ['grows', () => appendFileSync(path, 'more'), 'changed'],
    ['is rewritten', () => writeFileSync(path, Buffer.alloc(20 * MIB, 1)), 'changed'],
    ['becomes shorter', () => truncateSync(path, MIB), ''],
    ['vanishes', () => rmSync(path), 'vanished'],
  ])('%s meanwhile leaves no object', async (_, change, what) => {
    fill(20 * MIB);
    let isDone = false;
    const oss = store({
      intercept: ({ part }) => {
        if (part > 0 && !isDone) change();
        isDone ||= part > 0;
        return undefined;
      },
    });
    const error = await failure(upload(oss));
    expect({ code: error.code, exit: error.exit }).toEqual({ code: 'FileChanged', exit: 1 });
    expect(error.message).toContain(`${path} ${what}`);
    expect(isEmpty(oss)).toBe(true);
  });
});

describe('the store', () => {
  test.each([
    ['put', 100],
    ['parts', 20 * MIB],
  ])('is full (%s): a clear error, nothing left, not asked again', async (_, size) => {
    fill(size);
    const oss = store({
      intercept: ({ method, part }) =>
        method === 'PUT' && part !== 1 ? ossError('InsufficientStorage', 507) : undefined,
    });
    const error = await failure(upload(oss));
    expect({ code: error.code, exit: error.exit, requestId: error.requestId }).toEqual({
      code: 'InsufficientStorage',
      exit: 1,
      requestId: 'RID-OSS',
    });
    expect(error.hint).toContain('no room left');
    expect(isEmpty(oss)).toBe(true);
  });

  test.each<[string, number, number, string]>([
    ['SignatureDoesNotMatch', 403, 4, 'AccessKey secret'],
    ['InvalidAccessKeyId', 403, 4, 'AccessKey ID'],
    ['AccessDenied', 403, 4, 'EAS_OSS_BUCKET'],
    ['NoSuchBucket', 404, 1, 'EAS_OSS_BUCKET'],
  ])('says %s', async (code, status, exit, hint) => {
    writeFileSync(path, 'x');
    const error = await failure(upload(store({ intercept: () => ossError(code, status) })));
    expect({ code: error.code, status: error.status, exit: error.exit as number }).toEqual({
      code,
      status,
      exit,
    });
    expect(error.hint).toContain(hint);
    expect(JSON.stringify([error, error.message])).not.toContain('hidden-secret');
  });

  test('is busy for a while: each step is repeated', async () => {
    const bytes = fill(9 * MIB);
    const oss = store({
      intercept: ({ count }) => (count % 2 === 1 ? ossError('ServiceUnavailable', 503) : undefined),
    });
    await upload(oss);
    expect(Buffer.compare(object(oss)!, bytes)).toBe(0);
  });

  test('received something else: the object is removed', async () => {
    for (const size of [5, 9 * MIB]) {
      fill(Math.max(size, 4096));
      const oss = store({ crc: '42' });
      const error = await failure(upload(oss));
      expect(error.code).toBe('ChecksumMismatch');
      expect(error.message).toContain('its CRC-64 is 42');
      expect(isEmpty(oss)).toBe(true);
    }
  });

  test('drops the connection: repeated, then told', async () => {
    writeFileSync(path, 'x');
    const server = until(await startRaw((socket) => socket.resetAndDestroy()));
    const error = await failure(upload(server));
    expect(error.code).toBe('ConnectionReset');
    expect(server.connections).toBe(4);
  });

  test('is not there', async () => {
    writeFileSync(path, 'x');
    const server = await startRaw(() => {});
    server.stop();
    const error = await failure(upload(server));
    expect([error.code, error.message]).toEqual(['ConnectionRefused', `nothing listens at ${server.url}`]);
  });
});

test('an abort ends the upload at once and leaves nothing', async () => {
  fill(20 * MIB);
  const controller = new AbortController();
  let isAborted = false;
  const oss = store({
    intercept: ({ part }) => {
      if (part === 0 || isAborted) return undefined;
      isAborted = true;
      controller.abort(new Error('Ctrl-C'));
      return new Promise(() => {});
    },
  });
  await expect(upload(oss, { signal: controller.signal })).rejects.toThrow('Ctrl-C');
  expect(isEmpty(oss)).toBe(true);
});

test('as a process of its own, bundled, it prints nothing and the process ends', async () => {
  writeFileSync(path, 'x');
  const oss = store();
  const entry = join(dir, 'entry.ts');
  const outfile = join(dir, 'out.js');
  writeFileSync(
    entry,
    `import { createObjectStoreClient } from ${JSON.stringify(join(import.meta.dir, '../../src/cloud/objects/client.ts'))};
    const target = { kind: 'cloud', apiUrl: '', region: 'cn-shanghai', objectStoreUrl: '${oss.url}' };
    const keys = { accessKeyId: 'id', accessKeySecret: 'secret', securityToken: 'sts' };
    await createObjectStoreClient(target, keys).upload('${path}', { bucket: 'b-b', key: 'k' });
    process.stdout.write('done');`,
  );
  const bundle = ['build', entry, '--target=bun', '--external', 'proxy-agent', `--outfile=${outfile}`];
  expect(Bun.spawnSync([process.execPath, ...bundle]).exitCode).toBe(0);
  const child = Bun.spawn([process.execPath, outfile], { stdout: 'pipe', stderr: 'pipe', stdin: 'ignore' });
  const output = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  expect([...output, await child.exited]).toEqual(['done', '', 0]);
});

describe('CRC-64', () => {
  // Check value of CRC-64/XZ in the CRC catalogue.
  const check = BigInt('0x995dc9bbdf1939fa').toString();
  test('of the check text', () => {
    expect(new Crc64().update(new TextEncoder().encode('123456789')).toString()).toBe(check);
  });

  test('does not depend on the cutting or the alignment', () => {
    const bytes = Uint8Array.from({ length: 1000 }, (_, index) => (index * 7919) >> 3);
    const whole = new Crc64().update(bytes).toString();
    for (let cut = 0; cut < 40; cut++) {
      const crc = new Crc64()
        .update(bytes.subarray(0, cut))
        .update(bytes.subarray(cut, 500))
        .update(bytes.subarray(500));
      expect(crc.toString()).toBe(whole);
    }
  });

  test('of nothing is 0', () => expect(new Crc64().toString()).toBe('0'));
});
