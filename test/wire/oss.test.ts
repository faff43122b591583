import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type OSS from 'ali-oss';
import { Crc64 } from '../../src/core/checksum/crc64.ts';
import { BUCKET, type RunningStore, startObjectStore } from '../support/object-store.ts';

let running: RunningStore;
let scratch: string;
beforeAll(() => {
  running = startObjectStore();
  scratch = mkdtempSync(join(tmpdir(), 'eascmd-oss-'));
});
afterAll(async () => {
  await running.stop();
  rmSync(scratch, { recursive: true, force: true });
});

const noise = (length: number) =>
  Buffer.from(Uint8Array.from({ length }, (_, index) => (index * 31) ^ (index >> 7)));
const md5Of = (data: Uint8Array) => createHash('md5').update(data).digest('hex').toUpperCase();
const crcOf = (data: Uint8Array) => {
  const crc = new Crc64();
  crc.update(data);
  return String(crc.value());
};
/** Header names of an answer; ali-oss types them as a plain object. */
const headersOf = (result: { res: OSS.NormalSuccessResponse }) =>
  result.res.headers as Record<string, string>;
const V4 = { authorizationV4: true } as Partial<OSS.Options>;

// proves: upload, download (wire, ali-oss)
describe.each([
  ['V1', {}],
  ['V4', V4],
  ['V1 with a security token', { stsToken: 'CAIS+token/==' }],
  ['V4 with a security token', { ...V4, stsToken: 'CAIS+token/==' }],
  ['V1 path style', { sldEnable: true } as Partial<OSS.Options>],
  ['V4 path style', { ...V4, sldEnable: true } as Partial<OSS.Options>],
])('ali-oss signing %s', (name, options) => {
  const folder = name.replaceAll(' ', '-');
  const isPathStyle = name.endsWith('path style');
  const client = () =>
    running.client({ ...options, ...(isPathStyle ? { endpoint: `http://localhost:${running.port}` } : {}) });

  test.each([
    'plain.bin',
    "模型 one+two~*!'().txt",
    'a//b/ c',
    '%41&=#?.txt',
    '长'.repeat(300),
    '...',
    'a..b/.c',
  ])('puts, heads, gets and deletes %s', async (key) => {
    const oss = client();
    const path = `${folder}/${key}`;
    const data = noise(70_001);
    const put = await oss.put(path, data, { meta: { owner: 'me' } as unknown as OSS.UserMeta });
    expect(headersOf(put)).toMatchObject({ etag: `"${md5Of(data)}"`, 'x-oss-hash-crc64ecma': crcOf(data) });
    const head = await oss.head(path);
    expect(head.meta).toEqual({ owner: 'me' } as unknown as OSS.UserMeta);
    expect(headersOf(head as never)).toMatchObject({ etag: `"${md5Of(data)}"`, 'content-length': '70001' });
    const got = await oss.get(path);
    expect((got.content as Buffer).equals(data)).toBe(true);
    expect(headersOf(got)['x-oss-hash-crc64ecma']).toBe(crcOf(data));
    expect(running.store.objectFile(BUCKET, path)).toMatchObject({ size: 70_001, etag: md5Of(data) });
    await oss.delete(path);
    await expect(oss.get(path)).rejects.toMatchObject({ status: 404, code: 'NoSuchKey' });
  });

  test('uploads a file in parts that become one object', async () => {
    const data = noise(1_000_003);
    const file = join(scratch, `${folder}.bin`);
    writeFileSync(file, data);
    const path = `${folder}/multi part.bin`;
    const result = await client().multipartUpload(path, file, { partSize: 256 * 1024, parallel: 3 });
    expect((result as { etag?: string }).etag).toMatch(/^"[0-9A-F]{32}-4"$/);
    expect(headersOf(result)['x-oss-hash-crc64ecma']).toBe(crcOf(data));
    const got = await client().get(path);
    expect((got.content as Buffer).equals(data)).toBe(true);
  });

  test('lists with a delimiter', async () => {
    const oss = client();
    const base = `${folder}/tree`;
    for (const key of ['a', 'b/1', 'b/2', 'c d/中']) await oss.put(`${base}/${key}`, Buffer.from(key));
    const listed = await oss.listV2({ prefix: `${base}/`, delimiter: '/', 'max-keys': '10' }, {});
    expect(listed.objects.map(({ name }) => name)).toEqual([`${base}/a`]);
    expect(listed.prefixes).toEqual([`${base}/b/`, `${base}/c d/`]);
    const deleted = await oss.deleteMulti([`${base}/a`, `${base}/c d/中`, `${base}/none`]);
    expect(deleted.deleted as unknown).toEqual(
      [`${base}/a`, `${base}/c d/中`, `${base}/none`].map((Key) => ({ Key })),
    );
  });
});

describe('signatures that do not fit', () => {
  const refusal = (options: Partial<OSS.Options>) =>
    running
      .client(options)
      .put('refused', Buffer.from('x'))
      .then(
        () => 'accepted',
        (error) => `${error.status} ${error.code}`,
      );
  test('a wrong secret, V1 and V4', async () => {
    expect(await refusal({ accessKeySecret: 'wrong' })).toBe('403 SignatureDoesNotMatch');
    expect(await refusal({ ...V4, accessKeySecret: 'wrong' })).toBe('403 SignatureDoesNotMatch');
  });
  test('an unknown AccessKeyId', async () => {
    expect(await refusal({ accessKeyId: 'stranger' })).toBe('403 InvalidAccessKeyId');
  });
  test('V4 for another region', async () => {
    expect(await refusal({ ...V4, region: 'oss-cn-shanghai' })).toBe('400 InvalidArgument');
  });
  test('a clock that is an hour off', async () => {
    const skewed = (options: Partial<OSS.Options>) => {
      const oss = running.client(options) as OSS & { options: { amendTimeSkewed: number } };
      oss.options.amendTimeSkewed = 3_600_000;
      return oss.put('skewed', Buffer.from('x'));
    };
    await expect(skewed({})).rejects.toMatchObject({ status: 403, code: 'RequestTimeTooSkewed' });
    await expect(skewed(V4)).rejects.toMatchObject({ status: 403, code: 'RequestTimeTooSkewed' });
  });
  test('no signature at all', async () => {
    const answer = await fetch(`${running.url}/${BUCKET}/refused`);
    expect(answer.status).toBe(403);
    expect(answer.headers.get('x-oss-request-id')).toMatch(/^[0-9A-F]{24}$/);
    expect(await answer.text()).toContain('<Code>AccessDenied</Code>');
  });
});

describe('presigned URLs', () => {
  /** ali-oss makes none for an IP address, so they name the cloud's host and are fetched here with that Host. */
  const fetchSigned = (url: string, init: RequestInit = {}) => {
    const { host, pathname, search } = new URL(url);
    return fetch(`${running.url}${pathname}${search}`, { ...init, headers: { ...init.headers, host } });
  };
  const signer = () => running.client({ endpoint: 'http://oss-local.aliyuncs.com' });

  test('V1: reads until it expires, and only what was signed', async () => {
    await running.client().put('signed/一 二', Buffer.from('content'));
    const url = signer().signatureUrl('signed/一 二', { expires: 60, response: { 'content-type': 'x/y' } });
    const answer = await fetchSigned(url);
    expect([answer.status, await answer.text(), answer.headers.get('content-type')]).toEqual([
      200,
      'content',
      'x/y',
    ]);
    expect((await fetchSigned(url.replace('signed/', 'other/'))).status).toBe(403);
    expect((await fetchSigned(url, { method: 'DELETE' })).status).toBe(403);
    const expired = signer().signatureUrl('signed/一 二', { expires: -10 });
    expect(await (await fetchSigned(expired)).text()).toContain('Request has expired.');
  });

  test('V4: reads, and only what was signed', async () => {
    await running.client().put('signed/v4', Buffer.from('content'));
    const oss = signer() as unknown as {
      signatureUrlV4(method: string, seconds: number, request: undefined, key: string): Promise<string>;
    };
    const url = await oss.signatureUrlV4('GET', 60, undefined, 'signed/v4');
    expect(await (await fetchSigned(url)).text()).toBe('content');
    expect((await fetchSigned(url.replace('x-oss-expires=60', 'x-oss-expires=61'))).status).toBe(403);
  });
});

describe('objects', () => {
  test('a range, and a range that does not fit', async () => {
    const oss = running.client();
    await oss.put('range', noise(1000));
    const part = await oss.get('range', { headers: { Range: 'bytes=10-19' } });
    expect((part.content as Buffer).equals(noise(1000).subarray(10, 20))).toBe(true);
    expect(part.res.status).toBe(206);
    expect(headersOf(part)['content-range']).toBe('bytes 10-19/1000');
    const whole = await oss.get('range', { headers: { Range: 'bytes=1000-' } });
    expect([whole.res.status, (whole.content as Buffer).length]).toEqual([200, 1000]);
  });

  test('conditions', async () => {
    const oss = running.client();
    const etag = headersOf(await oss.put('condition', Buffer.from('x'))).etag!;
    await expect(oss.get('condition', { headers: { 'If-Match': '"0"' } })).rejects.toMatchObject({
      status: 412,
    });
    expect((await oss.get('condition', { headers: { 'If-None-Match': etag } })).res.status).toBe(304);
    expect((await oss.get('condition', { headers: { 'If-Match': etag } })).res.status).toBe(200);
  });

  test('x-oss-forbid-overwrite keeps what is there', async () => {
    const oss = running.client();
    const headers = { 'x-oss-forbid-overwrite': 'true' };
    await oss.put('once', Buffer.from('first'), { headers });
    await expect(oss.put('once', Buffer.from('second'), { headers })).rejects.toMatchObject({
      status: 409,
      code: 'FileAlreadyExists',
    });
    expect((await oss.get('once')).content.toString()).toBe('first');
  });

  test('a copy keeps or replaces the metadata, and outlives its source', async () => {
    const oss = running.client();
    const meta = { from: 'source' } as unknown as OSS.UserMeta;
    await oss.put('源 source', Buffer.from('copied'), { meta });
    await oss.copy('copy', '源 source');
    await oss.copy('renamed', '源 source', { meta: { from: 'copy' } as unknown as OSS.UserMeta });
    await oss.delete('源 source');
    expect((await oss.head('copy')).meta).toEqual(meta);
    expect((await oss.head('renamed')).meta).toEqual({ from: 'copy' } as unknown as OSS.UserMeta);
    expect((await oss.get('copy')).content.toString()).toBe('copied');
  });

  test('a body that is not its Content-MD5 is refused', async () => {
    const headers = { 'Content-MD5': createHash('md5').update('other').digest('base64') };
    await expect(running.client().put('digest', Buffer.from('x'), { headers })).rejects.toMatchObject({
      code: 'InvalidDigest',
    });
    expect(running.store.objectFile(BUCKET, 'digest')).toBeUndefined();
  });

  test('what the store does not do is refused by name', async () => {
    const headers = { 'x-oss-storage-class': 'Archive' };
    await expect(running.client().put('archive', Buffer.from('x'), { headers })).rejects.toMatchObject({
      status: 501,
      code: 'NotImplemented',
    });
    const tagging = running.client() as OSS & {
      putObjectTagging(key: string, tag: object): Promise<unknown>;
    };
    await expect(tagging.putObjectTagging('copy', { a: 'b' })).rejects.toMatchObject({
      status: 501,
    });
  });
});

describe('lists', () => {
  test('pages through V1 and V2 with and without a delimiter', async () => {
    const oss = running.client();
    const keys = ['p/1', 'p/2/a', 'p/2/b', 'p/3', 'p/4/a', 'p/5', 'p/é', 'p/中'];
    for (const key of keys) await oss.put(key, Buffer.from(key));
    for (const max of [1, 2, 3, 100]) {
      const flat: string[] = [];
      let marker: string | undefined;
      do {
        const page = await oss.list(
          { prefix: 'p/', 'max-keys': max, ...(marker ? { marker } : {}) } as never,
          {},
        );
        flat.push(...(page.objects ?? []).map(({ name }) => name));
        marker = page.isTruncated ? page.nextMarker : undefined;
      } while (marker);
      expect(flat).toEqual(keys);

      const grouped: string[] = [];
      let token: string | undefined;
      do {
        const page = await oss.listV2(
          { prefix: 'p/', delimiter: '/', 'max-keys': String(max), 'continuation-token': token } as never,
          {},
        );
        grouped.push(...(page.objects ?? []).map(({ name }) => name), ...(page.prefixes ?? []));
        token = page.isTruncated
          ? (page as unknown as { nextContinuationToken: string }).nextContinuationToken
          : undefined;
      } while (token);
      expect(grouped.sort()).toEqual(['p/1', 'p/2/', 'p/3', 'p/4/', 'p/5', 'p/é', 'p/中']);
    }
  });

  test('buckets come and go, and only empty ones go', async () => {
    const oss = running.client();
    await oss.putBucket('another');
    const buckets = await (oss.listBuckets({}) as unknown as Promise<{ buckets: { name: string }[] }>);
    expect(buckets.buckets.map(({ name }) => name)).toEqual(['another', BUCKET]);
    const another = running.client({ bucket: 'another' });
    await another.put('x', Buffer.from('x'));
    await expect(oss.deleteBucket('another')).rejects.toMatchObject({ code: 'BucketNotEmpty' });
    await another.delete('x');
    await oss.deleteBucket('another');
    await expect(another.put('x', Buffer.from('x'))).rejects.toMatchObject({ code: 'NoSuchBucket' });
  });
});

describe('multipart uploads', () => {
  const part = (fill: number, size = 100 * 1024) => Buffer.alloc(size, fill);
  /** ali-oss types lack initMultipartUpload's result and listParts' query. */
  interface Parts {
    listParts(key: string, id: string, query?: Record<string, string>): Promise<{ parts: unknown[] }>;
  }

  test('resume from the checkpoint of one that was cut off', async () => {
    const data = noise(900_000);
    const file = join(scratch, 'resumed.bin');
    writeFileSync(file, data);
    let checkpoint: OSS.Checkpoint | undefined;
    const first = running.client();
    const cut = first.multipartUpload('resumed', file, {
      partSize: 100 * 1024,
      parallel: 1,
      progress: (_percent: number, saved: OSS.Checkpoint) => {
        if (saved.doneParts.length === 3) {
          checkpoint = structuredClone({ ...saved });
          (first as unknown as { cancel(): void }).cancel();
        }
      },
    });
    await expect(cut).rejects.toMatchObject({ name: 'cancel' });
    const sent: number[] = [];
    await running.client().multipartUpload('resumed', file, {
      checkpoint,
      parallel: 1,
      progress: (_percent: number, saved: OSS.Checkpoint | null) => {
        if (saved) sent.push(saved.doneParts.length);
      },
    });
    expect(sent[0]).toBe(4);
    const got = await running.client().get('resumed');
    expect((got.content as Buffer).equals(data)).toBe(true);
  });

  test('parts are listed, replaced, and gone after an abort', async () => {
    const oss = running.client();
    const { uploadId } = await oss.initMultipartUpload('aborted');
    for (const [number, fill] of [
      [2, 1],
      [1, 2],
      [2, 3],
    ] as const) {
      const body = part(fill);
      const file = join(scratch, `part-${fill}`);
      writeFileSync(file, body);
      await oss.uploadPart('aborted', uploadId, number, file, 0, body.length);
    }
    const listed = await (oss as unknown as Parts).listParts('aborted', uploadId);
    expect(listed.parts).toMatchObject([
      { PartNumber: '1', ETag: `"${md5Of(part(2))}"`, Size: '102400' },
      { PartNumber: '2', ETag: `"${md5Of(part(3))}"`, Size: '102400' },
    ]);
    const uploads = await oss.listUploads({ prefix: 'abo' } as never);
    expect(uploads.uploads as unknown).toMatchObject([{ name: 'aborted', uploadId }]);
    await oss.abortMultipartUpload('aborted', uploadId);
    await expect((oss as unknown as Parts).listParts('aborted', uploadId)).rejects.toMatchObject({
      code: 'NoSuchUpload',
    });
  });

  test('completing refuses wrong, small and unknown parts, and takes a selection', async () => {
    const oss = running.client();
    const { uploadId } = await oss.initMultipartUpload('strict');
    const file = join(scratch, 'strict');
    const etags: Record<number, string> = {};
    for (const [number, size] of [
      [1, 102_400],
      [2, 10],
      [3, 102_400],
    ] as const) {
      writeFileSync(file, part(number, size));
      etags[number] = (await oss.uploadPart('strict', uploadId, number, file, 0, size)).etag;
    }
    const complete = (numbers: number[], etag?: string) =>
      oss
        .completeMultipartUpload(
          'strict',
          uploadId,
          numbers.map((number) => ({ number, etag: etag ?? etags[number]! })),
        )
        .then(
          () => 'done',
          (error) => error.code,
        );
    expect(await complete([1], '"0"')).toBe('InvalidPart');
    expect(await complete([1, 2, 3])).toBe('EntityTooSmall');
    expect(await complete([1, 4], etags[1])).toBe('InvalidPart');
    expect(await complete([1, 3])).toBe('done');
    expect(running.store.objectFile(BUCKET, 'strict')?.size).toBe(204_800);
    expect(await complete([1, 3])).toBe('NoSuchUpload');
  });

  test('a part copied from an object', async () => {
    const oss = running.client();
    const data = noise(300_000);
    await oss.put('copy source', data);
    const copied = oss as unknown as {
      multipartUploadCopy(
        key: string,
        source: { sourceKey: string; sourceBucketName: string },
        options: { partSize: number },
      ): Promise<unknown>;
    };
    await copied.multipartUploadCopy(
      'copy of parts',
      { sourceKey: 'copy source', sourceBucketName: BUCKET },
      { partSize: 102_400 },
    );
    expect(((await oss.get('copy of parts')).content as Buffer).equals(data)).toBe(true);
  });
});
