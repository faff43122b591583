import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import OSS from 'ali-oss';
import { needs } from '../support/needs.ts';
import { ACCESS_KEY, BUCKET, type RunningStore, startObjectStore } from '../support/object-store.ts';
import { exchange, signedHead } from '../support/oss-raw.ts';
import { smallDisk } from '../support/small-disk.ts';

let dir: string;
let running: RunningStore;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'eascmd-oss-faults-'));
  running = startObjectStore(dir);
});
afterEach(async () => {
  await running.stop();
  rmSync(dir, { recursive: true, force: true });
});

/** Data files on disk, whether anything names them or not. */
const dataFiles = (root = dir) =>
  readdirSync(join(root, 'data'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    .length;

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await Bun.sleep(5);
}

describe('a body that is cut off', () => {
  test.each([
    ['before its Content-Length', ['Content-Length: 1000'], 'abc'],
    ['between two chunks', ['Transfer-Encoding: chunked'], '3\r\nabc\r\n'],
    ['inside a chunk', ['Transfer-Encoding: chunked'], '30\r\nabc'],
  ])('%s makes no object and leaves nothing', async (_name, lines, body) => {
    await running.client().put('cut', Buffer.from('whole'));
    const resource = `/${BUCKET}/cut`;
    await exchange(running.port, signedHead('PUT', resource, resource, lines) + body, 150);
    await until(() => dataFiles() === 1);
    expect((await running.client().get('cut')).content.toString()).toBe('whole');
    expect(running.logs).toEqual([]);
  });
});

describe('keys that point elsewhere', () => {
  test.each(['../../../escaped', 'a/../../escaped', '%2e%2e/escaped', '..%2fescaped', '..\\escaped'])(
    '%s never leaves the store',
    async (key) => {
      const target = `/${BUCKET}/${key}`;
      const decoded = decodeURIComponent(target);
      const head = signedHead('PUT', target, decoded, ['Content-Length: 1', 'Connection: close']);
      await exchange(running.port, `${head}x`, 1000);
      const outside = readdirSync(join(dir, '..')).filter((name) => name.includes('escaped'));
      expect(outside).toEqual([]);
      expect(readdirSync(dir).filter((name) => !/^(data|reserve|index\.db(-wal|-shm)?)$/.test(name))).toEqual(
        [],
      );
    },
  );

  test('an encoded slash keeps its dots in the key', async () => {
    const head = signedHead('PUT', `/${BUCKET}/..%2fescaped`, `/${BUCKET}/../escaped`, [
      'Content-Length: 1',
      'Connection: close',
    ]);
    expect(await exchange(running.port, `${head}x`, 1000)).toStartWith('HTTP/1.1 200');
    expect(running.store.listPrefix(BUCKET, '').map(({ key }) => key)).toEqual(['../escaped']);
  });
});

test('two writers of one key end with one whole object', async () => {
  const sizes = [3_000_000, 2_000_000, 2_500_000, 1_000_000];
  await Promise.all(sizes.map((size, index) => running.client().put('contended', Buffer.alloc(size, index))));
  const data = (await running.client().get('contended')).content as Buffer;
  expect(data.length).toBe(sizes[data[0]!]!);
  expect(data.every((byte) => byte === data[0])).toBe(true);
});

test('a replaced object stays readable for those who were just told its file', async () => {
  await running.client().put('model', Buffer.from('first'));
  const first = running.store.objectFile(BUCKET, 'model')!;
  await running.client().put('model', Buffer.from('second'));
  expect(readFileSync(first.path, 'utf8')).toBe('first');
  expect(readFileSync(running.store.objectFile(BUCKET, 'model')!.path, 'utf8')).toBe('second');
  expect(running.store.objectFile(BUCKET, 'none')).toBeUndefined();
});

test('opening removes what nothing names, and keeps the rest', async () => {
  await running.client().put('kept', Buffer.from('kept'));
  await running.client().initMultipartUpload('pending');
  await running.stop();
  mkdirSync(join(dir, 'data', 'ab'), { recursive: true });
  writeFileSync(join(dir, 'data', 'ab', 'ab-left-over'), 'half an upload');
  running = startObjectStore(dir);
  expect(dataFiles()).toBe(1);
  expect(running.logs).toEqual(['object store: removed 1 unfinished or replaced files']);
  expect((await running.client().get('kept')).content.toString()).toBe('kept');
  const uploads = await running.client().listUploads({});
  expect(uploads.uploads as unknown).toMatchObject([{ name: 'pending' }]);
});

describe('kill -9', () => {
  test('keeps what was acknowledged, shows nothing of what was not', async () => {
    await running.stop();
    const child = Bun.spawn(
      [process.execPath, join(import.meta.dir, '../support/object-store-process.ts'), dir],
      {
        stdin: 'pipe',
        stdout: 'pipe',
        stderr: 'inherit',
      },
    );
    const reader = child.stdout.getReader();
    const port = Number(new TextDecoder().decode((await reader.read()).value));
    const client = new OSS({
      endpoint: `http://127.0.0.1:${port}`,
      region: 'oss-local',
      bucket: BUCKET,
      accessKeyId: ACCESS_KEY.id,
      accessKeySecret: ACCESS_KEY.secret,
    });
    const data = Buffer.alloc(300_000, 7);
    await client.put('acknowledged', data);
    const resource = `/${BUCKET}/half`;
    const head = signedHead('PUT', resource, resource, ['Content-Length: 1000000']);
    const half = exchange(port, head + 'x'.repeat(200_000), 10_000).catch(() => '');
    await until(() => dataFiles() === 2);
    child.kill('SIGKILL');
    await Promise.all([child.exited, half]);

    running = startObjectStore(dir);
    expect(running.store.listPrefix(BUCKET, '').map(({ key }) => key)).toEqual(['acknowledged']);
    expect(((await running.client().get('acknowledged')).content as Buffer).equals(data)).toBe(true);
    expect(dataFiles()).toBe(1);
  });
});

describe('a full disk', () => {
  needs('mount')('is told to the client and leaves nothing behind', async () => {
    const disk = join(dir, 'disk');
    using _mounted = smallDisk(disk, 8);
    const small = startObjectStore(disk);
    try {
      const client = small.client();
      await client.put('fits', Buffer.alloc(1_000_000, 1));
      await expect(client.put('big', Buffer.alloc(12_000_000, 2))).rejects.toMatchObject({
        status: 507,
        code: 'InsufficientStorage',
      });
      expect(dataFiles(disk)).toBe(1);
      await client.put('fits too', Buffer.alloc(4_000_000, 3));
      expect(((await client.get('fits')).content as Buffer).length).toBe(1_000_000);
    } finally {
      await small.stop();
    }
  });
});

test('a request that makes no sense is an error of the client, not of the store', async () => {
  const answers: string[] = [];
  for (const [method, target, resource, body] of [
    ['POST', `/${BUCKET}/?delete`, `/${BUCKET}/?delete`, '<Delete></Delete>'],
    ['POST', `/${BUCKET}/?delete`, `/${BUCKET}/?delete`, 'rubbish'],
    ['PUT', `/${BUCKET}/k?partNumber=0&uploadId=X`, `/${BUCKET}/k?partNumber=0&uploadId=X`, ''],
    ['PATCH', `/${BUCKET}/k`, `/${BUCKET}/k`, ''],
    ['GET', `/${BUCKET}/?max-keys=5000`, `/${BUCKET}/`, ''],
    ['GET', `/${BUCKET}/?encoding-type=rot13`, `/${BUCKET}/`, ''],
    ['PUT', '/Bad_Bucket/', '/Bad_Bucket/', ''],
    ['GET', '/no-such-bucket/k', '/no-such-bucket/k', ''],
  ] as const) {
    const head = signedHead(method, target, resource, [
      `Content-Length: ${body.length}`,
      'Connection: close',
    ]);
    const answer = await exchange(running.port, head + body, 1000);
    answers.push(`${answer.slice(9, 12)} ${/<Code>(\w+)/.exec(answer)?.[1]}`);
  }
  expect(answers).toEqual([
    '400 MalformedXML',
    '400 MalformedXML',
    '404 NoSuchUpload',
    '405 MethodNotAllowed',
    '400 InvalidArgument',
    '400 InvalidArgument',
    '400 InvalidBucketName',
    '404 NoSuchBucket',
  ]);
  expect(running.logs).toEqual([]);
});

test('an upload that does not say how long it is is refused', async () => {
  const head = signedHead('PUT', `/${BUCKET}/k`, `/${BUCKET}/k`, ['Connection: close']);
  expect(await exchange(running.port, head, 1000)).toContain('<Code>MissingContentLength</Code>');
});
