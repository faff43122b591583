import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LiveLocal, liveLocal } from '../support/live-local.ts';

let local: LiveLocal;
beforeAll(async () => {
  local = await liveLocal();
});
afterAll(() => local?.stop());

const lines = (text: string) => text.trimEnd().split('\n');
async function objectsBelow(place: string): Promise<Record<string, number>> {
  const listed = await local.eas(['ls', '-r', place, '-o', 'json']);
  expect(listed.err).toBe('');
  const { objects } = JSON.parse(listed.out) as { objects: { url: string; sizeBytes: number }[] };
  return Object.fromEntries(objects.map(({ url, sizeBytes }) => [url.slice(place.length), sizeBytes]));
}

describe('upload', () => {
  test('of a file prints what the manual shows, the totals last; of an unchanged one, it says so', async () => {
    local.write('savedmodel_example/savedmodel_example.tar.gz', Buffer.alloc(33_013, 1));
    const argv = ['upload', 'savedmodel_example/savedmodel_example.tar.gz'];
    const first = await local.eas(argv);
    const [endpoint, target, total, ...more] = lines(first.out);
    expect(endpoint).toMatch(/^\[OK\] oss endpoint: {4}\[http:\/\/127\.0\.0\.1:\d+\]$/);
    expect(target).toMatch(
      /^\[OK\] oss target path: \[oss:\/\/eas-model-local\/\d{16}\/savedmodel_example\/savedmodel_example\.tar\.gz\]$/,
    );
    expect(total).toBe('Succeed: Total num: 1, size: 33,013. OK num: 1(upload 1 files).');
    expect([more, first.err, first.code]).toEqual([[], '', 0]);
    const second = await local.eas(argv);
    expect(lines(second.out).slice(2)).toEqual([
      `[OK] savedmodel_example/savedmodel_example.tar.gz is unchanged, nothing was sent: ${target!.slice(22)}`,
      'Succeed: Total num: 1, size: 33,013. OK num: 1(skip 1 files), Skip size: 33,013.',
    ]);
  });

  test('of files, folders and patterns, with Chinese names, an empty file and a path of 300 characters', async () => {
    const long = `tree/${'深'.repeat(60)}/${'x'.repeat(120)}/${'y'.repeat(110)}/模型 文件.bin`;
    expect(long.length).toBeGreaterThanOrEqual(300);
    local.write(long, 'deep');
    local.write('tree/空.bin', '');
    local.write('tree/a&b+c%20.bin', 'odd');
    local.write('一.tar.gz', '1');
    local.write('二.tar.gz', '22');
    symlinkSync('.', join(local.folder, 'tree/loop'));
    symlinkSync('..', join(local.folder, 'tree/up'));
    const place = 'oss://eas-model-local/several/';
    const done = await local.eas(['upload', 'tree', '*.tar.gz', '一.tar.gz', '--to', place]);
    for (const link of ['loop', 'up']) rmSync(join(local.folder, 'tree', link));
    expect(done.code).toBe(0);
    expect(done.err).toContain('left out tree/loop');
    expect(done.err).toContain('left out tree/up');
    expect(lines(done.out).slice(1)).toContain(`[OK] oss target path: [${place}tree/]`);
    const found = await objectsBelow(place);
    expect(found).toEqual({
      [long]: 4,
      'tree/空.bin': 0,
      'tree/a&b+c%20.bin': 3,
      '一.tar.gz': 1,
      '二.tar.gz': 2,
    });
    for (const [name, text] of [
      [long, 'deep'],
      ['tree/空.bin', ''],
      ['tree/a&b+c%20.bin', 'odd'],
    ] as const) {
      const got = await local.eas(['download', place + name, 'got.bin', '--force']);
      expect([got.err, got.code]).toEqual(['', 0]);
      expect(readFileSync(join(local.folder, 'got.bin'), 'utf8')).toBe(text);
    }
  });

  test('names objects by the path as typed; of absolute ones by the last part, or with --keep by all', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'eascmd-elsewhere-'));
    try {
      const path = join(elsewhere, 'm.bin');
      writeFileSync(path, 'm');
      await local.eas(['upload', path, '--to', 'oss://eas-model-local/short']);
      await local.eas(['upload', path, '--keep', '--to', 'oss://eas-model-local/long']);
      expect(await objectsBelow('oss://eas-model-local/short/')).toEqual({ 'm.bin': 1 });
      expect(await objectsBelow('oss://eas-model-local/long/')).toEqual({ [path.slice(1)]: 1 });
    } finally {
      rmSync(elsewhere, { recursive: true });
    }
  });

  test('goes to the configured bucket, without the number of the account', async () => {
    local.write('c.bin', 'c');
    const env = { EAS_OSS_BUCKET: 'eas-model-local' };
    const done = await local.eas(['upload', './c.bin', '-o', 'json'], { env });
    expect(JSON.parse(done.out)).toMatchObject({
      target: 'oss://eas-model-local/c.bin',
      files: 1,
      objects: [{ file: './c.bin', sizeBytes: 1, isUnchanged: false }],
    });
  });

  test.each<[string, string[], string]>([
    ['an absent file', ['no.bin'], 'no.bin'],
    ['an absent file beside one that is there', ['a.bin', 'no.bin'], 'no.bin'],
    ['a pattern without a match', ['*.nothing'], 'no file matches *.nothing'],
    ['an empty folder', ['empty'], 'there is no file in empty'],
    ['two files of one name', ['/tmp/../CWD/a.bin', '/CWD/sub/a.bin'], 'would both become the object a.bin'],
    ['a place that is none', ['a.bin', '--to', 'bucket/prefix'], '--to "bucket/prefix" is not a place'],
    ['a bucket that is none', ['a.bin', '--to', 'oss://Bad_Bucket/'], 'names no valid bucket'],
  ])('refuses %s before anything is sent', async (_what, argv, message) => {
    local.write('a.bin', 'a');
    local.write('sub/a.bin', 'aa');
    mkdirSync(join(local.folder, 'empty'), { recursive: true });
    const here = argv.map((word) => word.replace('/tmp/../CWD', local.folder).replace('/CWD', local.folder));
    const { code, out, err } = await local.eas(['upload', ...here]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(message);
  });

  test('to a bucket that is not there says so', async () => {
    local.write('a.bin', 'a');
    const { code, err } = await local.eas(['upload', 'a.bin', '--to', 'oss://not-there/']);
    expect(code).toBe(1);
    expect(err).toContain('There is no bucket "not-there"');
  });

  test('goes on with what the first failure left out', async () => {
    local.write('many/1.bin', '1');
    local.write('many/2.bin', '2');
    await local.eas(['upload', 'many/1.bin', '--to', 'oss://eas-model-local/again']);
    const { out } = await local.eas(['upload', 'many', '--to', 'oss://eas-model-local/again']);
    expect(lines(out).at(-1)).toBe(
      'Succeed: Total num: 2, size: 2. OK num: 2(upload 1 files, skip 1 files), Skip size: 1.',
    );
  });
});

describe('ls of the object store', () => {
  test('shows folders, objects and totals, and the buckets', async () => {
    local.write('l/x/one.bin', '1');
    local.write('l/two.bin', Buffer.alloc(1234));
    await local.eas(['upload', 'l', '--to', 'oss://eas-model-local/ls']);
    const { out } = await local.eas(['ls', 'oss://eas-model-local/ls/l/']);
    expect(out).toContain(' LASTMODIFIED ');
    expect(out).toContain('oss://eas-model-local/ls/l/x/');
    expect(out).not.toContain('one.bin');
    expect(out).toMatch(/\| +1,234 \| oss:\/\/eas-model-local\/ls\/l\/two\.bin /);
    expect(lines(out).at(-1)).toBe('Total num: 1, size: 1,234.');
    expect((await local.eas(['ls', 'oss://'])).out).toContain('oss://eas-model-local');
  });

  test('of services takes no name', async () => {
    const { code, err } = await local.eas(['ls', 'echo']);
    expect(code).toBe(2);
    expect(err).toContain('oss://<bucket>/<prefix>');
  });
});

// proves: download (local)
describe('download', () => {
  test('into the current folder, another folder, a file; says when it is there', async () => {
    local.write('d/m.bin', 'model');
    await local.eas(['upload', 'd/m.bin', '--to', 'oss://eas-model-local/']);
    const source = 'oss://eas-model-local/d/m.bin';
    mkdirSync(join(local.folder, 'into'), { recursive: true });
    for (const [argv, path] of [
      [[], 'm.bin'],
      [['into'], 'into/m.bin'],
      [['other.bin'], 'other.bin'],
    ] as const) {
      const { code, out } = await local.eas(['download', source, ...argv]);
      expect(code).toBe(0);
      const full = join(local.folder, path);
      expect(lines(out)).toEqual([
        `[OK] saved to: [${full}]`,
        'Succeed: Total num: 1, size: 5. OK num: 1(download 1 objects).',
      ]);
      expect(readFileSync(full, 'utf8')).toBe('model');
    }
    expect((await local.eas(['download', source])).out).toContain('[OK] unchanged');
    local.write('m.bin', 'mine');
    expect(await local.eas(['download', source])).toMatchObject({ code: 2, out: '' });
  });

  test.each<[string[], string]>([
    [['m.bin'], 'is not a place in the object store'],
    [['oss://eas-model-local/d/'], 'is not one object'],
    [['oss://eas-model-local/d/m.bin', 'no/such/'], 'there is no folder'],
    [['oss://eas-model-local/d/m.bin', 'no/such'], 'no/such: its folder does not exist'],
  ])('%p is refused', async (argv, message) => {
    local.write('d/m.bin', 'model');
    await local.eas(['upload', 'd/m.bin', '--to', 'oss://eas-model-local/']);
    const { code, err } = await local.eas(['download', ...argv]);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });
});
