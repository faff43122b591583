import { describe, expect, test } from 'bun:test';
import { existsSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EasError } from '../../src/core/errors.ts';
import { startCuttingProxy } from '../support/cutting-proxy.ts';
import { needs } from '../support/needs.ts';
import { BUCKET } from '../support/object-store.ts';
import { smallDisk } from '../support/small-disk.ts';
import { MIB, TransferPlace } from '../support/transfer-place.ts';

const KEY = 'up/模型.tar.gz';

/** An object in the store and the path to download it to. */
async function placeWith(bytes: Buffer): Promise<TransferPlace> {
  const place = new TransferPlace();
  await place.store.client().put(KEY, bytes);
  place.log.length = 0;
  return place;
}

const download = (
  place: TransferPlace,
  options: { url?: string; signal?: AbortSignal; mayReplace?: boolean; path?: string } = {},
) =>
  place
    .client({}, options.url)
    .download({ bucket: BUCKET, key: KEY, path: place.path, mayReplace: false, ...options });

async function failure(promise: Promise<unknown>): Promise<EasError> {
  const error = await promise.then(
    () => undefined,
    (thrown) => thrown,
  );
  if (error instanceof EasError) return error;
  throw error ?? new Error('nothing was thrown');
}

const noise = (length: number) =>
  Buffer.from(Uint8Array.from({ length }, (_, index) => (index * 31) ^ (index >> 9)));
/** What lies beside the file that was to be written. */
const beside = (place: TransferPlace) => readdirSync(place.dir).filter((name) => name.includes('.eascmd-'));

describe('a download', () => {
  test.each([0, 1, 3 * MIB + 5])('of %d bytes arrives whole, and nothing else stays', async (size) => {
    const bytes = noise(size);
    await using place = await placeWith(bytes);
    expect(await download(place)).toMatchObject({ sizeBytes: size, skippedBytes: 0, isUnchanged: false });
    expect(readFileSync(place.path).equals(bytes)).toBe(true);
    expect(beside(place)).toEqual([]);
  });

  test('goes on after dropped connections', async () => {
    const bytes = noise(6 * MIB);
    await using place = await placeWith(bytes);
    const proxy = await startCuttingProxy(place.store.port, {
      cutDownload: (answered, connection) => connection < 5 && answered > MIB,
    });
    try {
      await download(place, { url: proxy.url });
      expect(readFileSync(place.path).equals(bytes)).toBe(true);
    } finally {
      proxy.stop();
    }
  });

  needs('mount')('to a full disk says so, and goes on when there is room', async () => {
    const bytes = noise(6 * MIB);
    await using place = await placeWith(bytes);
    const folder = join(place.dir, 'disk');
    using disk = smallDisk(folder, 4);
    const path = join(folder, 'model.tar.gz');
    expect(await failure(download(place, { path }))).toMatchObject({
      code: 'DiskFull',
      message: `no room left for ${path}`,
      exit: 1,
    });
    expect(existsSync(path)).toBe(false);
    disk.grow(16);
    const { skippedBytes } = await download(place, { path });
    expect(skippedBytes).toBeGreaterThan(MIB);
    expect(readFileSync(path).equals(bytes)).toBe(true);
  });

  test('that was interrupted goes on where it stopped', async () => {
    const bytes = noise(6 * MIB);
    await using place = await placeWith(bytes);
    const stop = new AbortController();
    const interrupted = place.client().download({
      bucket: BUCKET,
      key: KEY,
      path: place.path,
      mayReplace: false,
      signal: stop.signal,
      onProgress: () => stop.abort(new Error('Ctrl-C')),
    });
    await expect(interrupted).rejects.toThrow('Ctrl-C');
    expect(existsSync(place.path)).toBe(false);
    const [unfinished] = beside(place);
    const had = statSync(join(place.dir, unfinished!)).size;
    expect(had).toBeGreaterThan(0);
    const done = await download(place);
    expect(done.skippedBytes).toBe(had);
    expect(readFileSync(place.path).equals(bytes)).toBe(true);
    expect(beside(place)).toEqual([]);
  });

  test('begins again when the object was replaced meanwhile', async () => {
    await using place = await placeWith(noise(6 * MIB));
    const other = Buffer.alloc(MIB, 7);
    place.front = async (request, store) => {
      const isFirst = request.method === 'GET' && !place.log.includes('replaced');
      if (isFirst) {
        place.log.push('replaced');
        await place.store.client().put(KEY, other);
      }
      return store();
    };
    expect((await failure(download(place))).code).toBe('ObjectChanged');
    expect(beside(place)).toEqual([]);
    await download(place);
    expect(readFileSync(place.path).equals(other)).toBe(true);
  });

  test('that arrives damaged leaves no file', async () => {
    await using place = await placeWith(noise(MIB));
    place.front = async (_request, store) => {
      const answer = await store();
      answer.headers.set('x-oss-hash-crc64ecma', '1');
      return answer;
    };
    expect((await failure(download(place))).code).toBe('ChecksumMismatch');
    expect([existsSync(place.path), beside(place)]).toEqual([false, []]);
  });

  test('of what is there already costs one request', async () => {
    const bytes = noise(MIB);
    await using place = await placeWith(bytes);
    writeFileSync(place.path, bytes);
    expect(await download(place)).toMatchObject({ isUnchanged: true });
    expect(place.log).toEqual(['HEAD object']);
  });

  test('replaces another file only when told', async () => {
    const bytes = noise(MIB);
    await using place = await placeWith(bytes);
    writeFileSync(place.path, 'mine');
    expect(await failure(download(place))).toMatchObject({ code: 'FileExists', exit: 2 });
    expect(readFileSync(place.path, 'utf8')).toBe('mine');
    await download(place, { mayReplace: true });
    expect(readFileSync(place.path).equals(bytes)).toBe(true);
  });

  test('of an object that is not there', async () => {
    await using place = new TransferPlace();
    const error = await failure(download(place));
    expect([error.code, error.message]).toEqual(['NoSuchKey', `there is no object oss://${BUCKET}/${KEY}`]);
  });

  test('whose unfinished file is longer than the object begins again', async () => {
    const bytes = noise(2 * MIB);
    await using place = await placeWith(bytes);
    const stop = new AbortController();
    const onProgress = () => stop.abort(new Error('Ctrl-C'));
    const options = { bucket: BUCKET, key: KEY, path: place.path, mayReplace: false };
    await expect(place.client().download({ ...options, signal: stop.signal, onProgress })).rejects.toThrow();
    truncateSync(join(place.dir, beside(place)[0]!), 9 * MIB);
    expect((await download(place)).skippedBytes).toBe(0);
    expect(readFileSync(place.path).equals(bytes)).toBe(true);
  });
});

describe('a listing', () => {
  test('has all pages, in order, and folders up to the next slash', async () => {
    await using place = new TransferPlace();
    const ali = place.store.client();
    for (let from = 0; from < 1010; from += 101)
      await Promise.all(Array.from({ length: 101 }, (_, n) => ali.put(`many/${from + n}`, Buffer.from('x'))));
    await ali.put('many/sub/a & b', Buffer.from('x'));
    const client = place.client();
    const all = await client.list({ bucket: BUCKET, prefix: 'many/', isRecursive: true });
    expect(all.objects).toHaveLength(1011);
    expect(all.objects.map(({ key }) => key)).toEqual(all.objects.map(({ key }) => key).toSorted());
    const flat = await client.list({ bucket: BUCKET, prefix: 'many/', isRecursive: false });
    expect([flat.objects.length, flat.prefixes]).toEqual([1010, ['many/sub/']]);
    expect(all.objects.at(-1)).toMatchObject({ key: 'many/sub/a & b', sizeBytes: 1 });
    expect((await client.buckets()).buckets).toMatchObject([{ name: BUCKET, region: 'local' }]);
  }, 60_000);
});
