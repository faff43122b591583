import { describe, expect, test } from 'bun:test';
import { readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MIB, TransferPlace } from '../support/transfer-place.ts';

/** Stops the upload when the store has taken a number of parts; the next ones stay unanswered. */
async function interrupted(place: TransferPlace, afterParts: number): Promise<void> {
  const stop = new AbortController();
  let begun = 0;
  let taken = 0;
  place.front = async (_request, store) => {
    if (!/^PUT \d/.test(place.log.at(-1)!)) return store();
    if (++begun > afterParts) return new Promise<Response>(() => {});
    const answer = await store();
    if (++taken === afterParts) stop.abort(new Error('Ctrl-C'));
    return answer;
  };
  await expect(place.upload(stop.signal)).rejects.toThrow('Ctrl-C');
  place.front = undefined;
  place.log.length = 0;
}

const records = (place: TransferPlace) => readdirSync(place.recordsDir);

describe('an interrupted upload', () => {
  test('goes on with the parts that are missing', async () => {
    await using place = new TransferPlace();
    const bytes = place.fill(30 * MIB);
    await interrupted(place, 3);
    const done = await place.upload();
    expect(done.skippedBytes).toBeGreaterThanOrEqual(3 * 4 * MIB);
    expect(new Set(place.partsSent()).size).toBe(8 - done.skippedBytes / (4 * MIB));
    expect((await place.stored()).equals(bytes)).toBe(true);
  });

  test('is remembered in a file that only its owner may read, without secrets', async () => {
    await using place = new TransferPlace();
    place.fill(20 * MIB);
    await interrupted(place, 1);
    expect(records(place)).toHaveLength(1);
    const path = join(place.recordsDir, records(place)[0]!);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(place.recordsDir).mode & 0o777).toBe(0o700);
    expect(Object.keys(JSON.parse(readFileSync(path, 'utf8'))).sort()).toEqual([
      'identity',
      'partBytes',
      'path',
      'target',
      'uploadId',
    ]);
  });

  test('begins again when the file changed, and gives the old parts up', async () => {
    await using place = new TransferPlace();
    place.fill(20 * MIB);
    await interrupted(place, 2);
    const changed = place.fill(20 * MIB);
    changed.fill(9, 0, 100);
    writeFileSync(place.path, changed);
    const done = await place.upload();
    expect(done.skippedBytes).toBe(0);
    expect(place.log).toContain('DELETE upload');
    expect((await place.stored()).equals(changed)).toBe(true);
    expect((await place.store.client().listUploads({})).uploads).toEqual([]);
  });

  test('sends a part again whose bytes are not those of the file, whatever its time says', async () => {
    await using place = new TransferPlace();
    const bytes = place.fill(20 * MIB);
    const before = statSync(place.path);
    await interrupted(place, 3);
    bytes.fill(5, 0, 10);
    writeFileSync(place.path, bytes);
    utimesSync(place.path, before.atime, before.mtime);
    // The very same identity, as a file system with coarse times would show it.
    const record = join(place.recordsDir, records(place)[0]!);
    const { mtimeNs, size, ino, dev } = statSync(place.path, { bigint: true });
    const known = JSON.parse(readFileSync(record, 'utf8'));
    writeFileSync(record, JSON.stringify({ ...known, identity: [dev, ino, size, mtimeNs].join() }));
    const done = await place.upload();
    expect(place.partsSent()).toContain('PUT 1');
    expect(done.skippedBytes).toBeGreaterThan(0);
    expect((await place.stored()).equals(bytes)).toBe(true);
  });

  test('begins again when the store forgot it', async () => {
    await using place = new TransferPlace();
    const bytes = place.fill(20 * MIB);
    await interrupted(place, 2);
    const ali = place.store.client();
    const { uploads } = await ali.listUploads({});
    for (const { name, uploadId } of uploads) await ali.abortMultipartUpload(name, uploadId);
    place.log.length = 0;
    expect((await place.upload()).skippedBytes).toBe(0);
    expect(place.log).toContain('POST uploads');
    expect((await place.stored()).equals(bytes)).toBe(true);
  });

  test.each(['', '{', '[]', '{"path":1}', '{"uploadId":"x"}'])(
    'is not resumed from a torn record: %s',
    async (text) => {
      await using place = new TransferPlace();
      const bytes = place.fill(9 * MIB);
      await interrupted(place, 1);
      writeFileSync(join(place.recordsDir, records(place)[0]!), text);
      expect((await place.upload()).skippedBytes).toBe(0);
      expect((await place.stored()).equals(bytes)).toBe(true);
    },
  );

  test('is forgotten after a week; a finished one after a season', async () => {
    await using place = new TransferPlace();
    place.fill(9 * MIB);
    await interrupted(place, 1);
    const days = (count: number) => Date.now() / 1000 - count * 86_400;
    const unfinished = join(place.recordsDir, records(place)[0]!);
    const finished = join(place.recordsDir, 'finished.json');
    const ancient = join(place.recordsDir, 'ancient.json');
    writeFileSync(finished, '{"crc64":"1"}');
    writeFileSync(ancient, '{"crc64":"1"}');
    for (const [path, age] of [
      [unfinished, 8],
      [finished, 8],
      [ancient, 91],
    ] as const)
      utimesSync(path, days(age), days(age));
    expect((await place.upload()).skippedBytes).toBe(0);
    expect(records(place)).toContain('finished.json');
    expect(records(place)).not.toContain('ancient.json');
  });
});

describe('a second upload of an unchanged file', () => {
  test.each([5, 9 * MIB])('of %d bytes costs one request', async (size) => {
    await using place = new TransferPlace();
    place.fill(size);
    expect(await place.upload()).toMatchObject({ isUnchanged: false });
    place.log.length = 0;
    expect(await place.upload()).toMatchObject({ isUnchanged: true, skippedBytes: size });
    expect(place.log).toEqual(['HEAD object']);
  });

  test('sends it when the object is gone or another one', async () => {
    await using place = new TransferPlace();
    const bytes = place.fill(100);
    await place.upload();
    const ali = place.store.client();
    await ali.delete('up/模型.tar.gz');
    expect(await place.upload()).toMatchObject({ isUnchanged: false });
    await ali.put('up/模型.tar.gz', Buffer.alloc(100, 1));
    expect(await place.upload()).toMatchObject({ isUnchanged: false });
    expect((await place.stored()).equals(bytes)).toBe(true);
  });
});
