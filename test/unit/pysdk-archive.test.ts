import { describe, expect, test } from 'bun:test';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { ParallelGzip } from '../../src/pysdk/archive/gzip.ts';
import { DEFAULT_RULES, IgnoreRules } from '../../src/pysdk/archive/ignore.ts';
import { paddingBytes, tarHeader } from '../../src/pysdk/archive/tar.ts';
import { readTree } from '../../src/pysdk/archive/tree.ts';
import { temporaryFolder } from '../support/temporary.ts';

const none = new IgnoreRules([]);

describe('.easignore', () => {
  test.each([
    ['*.log', 'a/b.log', false, true],
    ['*.log', 'a.logs', false, false],
    ['/data', 'data', true, true],
    ['/data', 'x/data', true, false],
    ['data/raw', 'data/raw', true, true],
    ['data/raw', 'x/data/raw', true, false],
    ['data/', 'data', false, false],
    ['data/', 'x/data', true, true],
    ['**/tmp', 'a/b/tmp', false, true],
    ['a/**/z', 'a/z', false, true],
    ['a/**/z', 'a/b/c/z', false, true],
    ['a/**', 'a/b/c', false, true],
    ['a/**', 'a', true, false],
    ['a/*', 'a/b', false, true],
    ['a/*', 'a/b/c', false, false],
    ['?.txt', 'ab.txt', false, false],
    ['[!a].txt', 'b.txt', false, true],
    ['[!a].txt', 'a.txt', false, false],
    ['[a-c].txt', 'b.txt', false, true],
    ['\\#odd', '#odd', false, true],
    ['#odd', '#odd', false, false],
    ['模型', 'x/模型', false, true],
    ['name+(1).txt', 'name+(1).txt', false, true],
    ['trailing  ', 'trailing', false, true],
  ])('%j on %j (folder: %p) leaves out: %p', (line, path, isFolder, expected) => {
    expect(new IgnoreRules([line]).leavesOut(path, isFolder)).toBe(expected);
  });

  test('the last matching line decides', () => {
    const rules = new IgnoreRules(['*.bin', '!keep.bin']);
    expect([rules.leavesOut('a.bin', false), rules.leavesOut('x/keep.bin', false)]).toEqual([true, false]);
  });

  test('by default compiled files stay in ENV only, and the description is left out', () => {
    const rules = new IgnoreRules(DEFAULT_RULES);
    const out = (path: string, isFolder: boolean) => rules.leavesOut(path, isFolder);
    expect(out('__pycache__', true)).toBe(true);
    expect(out('pkg/__pycache__', true)).toBe(true);
    expect(out('ENV/lib/python3.12/__pycache__', true)).toBe(false);
    expect(out('app.json', false)).toBe(true);
    expect(out('data/app.json', false)).toBe(false);
  });
});

describe('tar headers', () => {
  const file = { kind: 'file', sizeBytes: 0, isExecutable: false } as const;

  test('a short ASCII name is one block, with its checksum', () => {
    const block = tarHeader({ ...file, path: 'ENV/bin/python', sizeBytes: 10, isExecutable: true });
    expect(block.length).toBe(512);
    const sum = block.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0);
    expect(Number.parseInt(block.toString('latin1', 148, 154), 8)).toBe(sum);
    expect(block.toString('latin1', 100, 107)).toBe('0000755');
    expect(block.toString('latin1', 257, 265)).toBe('ustar\x0000');
  });

  test('a name that fits name and prefix needs no pax record', () => {
    const path = `${'d'.repeat(120)}/${'f'.repeat(90)}`;
    const block = tarHeader({ ...file, path });
    expect(block.length).toBe(512);
    expect(block.toString('latin1', 345, 465)).toBe('d'.repeat(120));
  });

  test.each([
    ['longer than ustar', 'x'.repeat(300)],
    ['Chinese', '模型/权重.bin'],
  ])('%s: a pax record holds the name', (_, path) => {
    const blocks = tarHeader({ ...file, path });
    const size = Number.parseInt(blocks.toString('latin1', 124, 135), 8);
    const record = blocks.toString('utf8', 512, 512 + size);
    expect(blocks.toString('latin1', 156, 157)).toBe('x');
    expect(record).toBe(`${Buffer.byteLength(record)} path=${path}\n`);
    expect(blocks.length).toBe(1024 + size + paddingBytes(size));
  });

  test('more than 8 GiB stands in a pax record', () => {
    expect(tarHeader({ ...file, path: 'big', sizeBytes: 2 ** 33 }).toString('latin1')).toContain(
      'size=8589934592\n',
    );
  });
});

describe('parallel gzip', () => {
  test.each([0, 1, 1024 * 1024, 3 * 1024 * 1024 + 7])('%p bytes come back whole', async (size) => {
    const bytes = Buffer.alloc(size, 'some text that repeats; ');
    const parts: Buffer[] = [];
    const gzip = new ParallelGzip((part) => parts.push(Buffer.from(part)));
    await gzip.write(bytes);
    await gzip.end();
    expect(gunzipSync(Buffer.concat(parts)).equals(bytes)).toBe(true);
  });
});

describe('the tree', () => {
  test('sorted, folders first; links inside are kept and made relative', () => {
    using folder = temporaryFolder();
    mkdirSync(join(folder.path, 'b'));
    folder.write('b/real', 'x');
    folder.write('a', '');
    symlinkSync(join(folder.path, 'b/real'), join(folder.path, 'c'));
    symlinkSync('../a', join(folder.path, 'b/up'));
    const { entries, notes } = readTree(folder.path, none);
    expect(entries.map(({ path, kind, target }) => [path, kind, target])).toEqual([
      ['a', 'file', undefined],
      ['b', 'folder', undefined],
      ['b/real', 'file', undefined],
      ['b/up', 'symlink', '../a'],
      ['c', 'symlink', 'b/real'],
    ]);
    expect(notes).toEqual([]);
  });

  test('what a link outside points to is taken in its place, and said', () => {
    using folder = temporaryFolder();
    using other = temporaryFolder();
    other.write('weights', 'w');
    symlinkSync(other.path, join(folder.path, 'model'));
    const { entries, notes } = readTree(folder.path, none);
    expect(entries.map(({ path, kind }) => [path, kind])).toEqual([
      ['model', 'folder'],
      ['model/weights', 'file'],
    ]);
    expect(notes).toEqual([expect.stringContaining('model links to')]);
  });

  test.each([
    ['a link to itself', 'LinkLoop', (path: string) => symlinkSync('loop', join(path, 'loop'))],
    [
      'a link to the folder that holds the project',
      'LinkLoop',
      (path: string) => symlinkSync('..', join(path, 'loop')),
    ],
    ['a broken link', 'BrokenLink', (path: string) => symlinkSync('nowhere', join(path, 'loop'))],
  ])('%s is an error that names it', (_, code, make) => {
    using folder = temporaryFolder();
    make(folder.path);
    expect(() => readTree(folder.path, none)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(/^loop links to/) }),
    );
  });

  test('a folder outside that leads back to itself is an error', () => {
    using folder = temporaryFolder();
    using other = temporaryFolder();
    symlinkSync(other.path, join(folder.path, 'out'));
    symlinkSync(other.path, join(other.path, 'again'));
    expect(() => readTree(folder.path, none)).toThrow(expect.objectContaining({ code: 'LinkLoop' }));
  });
});
