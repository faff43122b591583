import { afterAll, describe, expect, test } from 'bun:test';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeAtomically } from '../../src/local/data/atomic.ts';
import { tryLock } from '../../src/local/data/lock.ts';
import { BoundedLog } from '../../src/local/data/log.ts';
import { readLogPage } from '../../src/local/instances/log-page.ts';
import { objectLookup } from '../../src/local/packages/objects.ts';
import { resolvePackage } from '../../src/local/packages/source.ts';
import { identify, isAlive } from '../../src/local/process/identity.ts';

const folder = mkdtempSync(join(tmpdir(), 'eas-files-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('log pages', () => {
  const path = join(folder, 'long.log');
  const lines = Array.from({ length: 40_000 }, (_, index) => `${index} ${'é'.repeat(index % 50)}`);
  writeFileSync(path, `${lines.join('\n')}\n`);

  test('every page of a file longer than the chunks it is read in', () => {
    const read: string[] = [];
    for (let pageNum = 1; pageNum <= 4; pageNum++) {
      const page = readLogPage([{ path, from: 0 }], { pageNum, pageSize: 10_000 });
      expect(page.total).toBe(40_000);
      read.unshift(...page.lines);
    }
    expect(read).toEqual(lines);
  });

  test.each([
    ['', []],
    ['one', ['one']],
    ['one\n', ['one']],
    ['\none\n\n', ['', 'one', '']],
    ['one\r\ntwo', ['one', 'two']],
  ])('%j', (text, expected) => {
    const file = join(folder, 'short.log');
    writeFileSync(file, text);
    expect(readLogPage([{ path: file, from: 0 }], { pageNum: 1, pageSize: 100 })).toEqual({
      lines: expected,
      total: expected.length,
    });
  });

  test('a missing file has no lines, and files follow one another', () => {
    const [a, b] = [join(folder, 'a.log'), join(folder, 'b.log')];
    writeFileSync(a, '1\n2\n');
    writeFileSync(b, '3\n');
    const page = readLogPage(
      [a, join(folder, 'missing'), b].map((path) => ({ path, from: 0 })),
      { pageNum: 1, pageSize: 2 },
    );
    expect(page).toEqual({ lines: ['2', '3'], total: 3 });
  });
});

test('the lock is one, and free again when released', () => {
  const path = join(folder, 'lock.db');
  const held = tryLock(path);
  expect(held).toBeDefined();
  expect(tryLock(path)).toBeUndefined();
  held!.release();
  const again = tryLock(path);
  expect(again).toBeDefined();
  again!.release();
});

test('an atomic write leaves no temporary file, also when it fails', () => {
  const path = join(folder, 'small.json');
  writeAtomically(path, 'one', 0o600);
  expect(readFileSync(path, 'utf8')).toBe('one');
  expect(() => writeAtomically(join(folder, 'missing/x'), 'two', 0o600)).toThrow();
  expect(existsSync(join(folder, `small.json.${process.pid}.tmp`))).toBe(false);
});

test('the daemon log keeps at most two files of its size', () => {
  const path = join(folder, 'daemon.log');
  const { write } = new BoundedLog(path, 2000);
  for (let count = 0; count < 500; count++) write(`line ${count}\nwith a break`);
  expect(readFileSync(path).length + readFileSync(`${path}.1`).length).toBeLessThan(4300);
  expect(readFileSync(path, 'utf8').trimEnd().split('\n').at(-1)).toEndWith('line 499 ⏎ with a break');
});

test('a process is known by its start, not by its pid alone', async () => {
  const child = Bun.spawn(['sleep', '60']);
  const identity = identify(child.pid)!;
  expect(isAlive(identity)).toBe(true);
  expect(isAlive({ ...identity, started: 'earlier' })).toBe(false);
  child.kill();
  await child.exited;
  expect(isAlive(identity)).toBe(false);
});

describe('where a package is', () => {
  const stored = join(folder, 'object');
  writeFileSync(stored, 'content');
  const objects = objectLookup({
    objectFile: (bucket, key) => (`${bucket}/${key}` === 'b/model.pt' ? { path: stored } : undefined),
    listPrefix: (_bucket, prefix) =>
      ['dir/', 'dir/a', 'dir/sub/b', 'dir/../../escape']
        .filter((key) => key.startsWith(prefix))
        .map((key) => ({ key, path: stored })),
  });
  const target = join(folder, 'laid/out');
  const resolve = (address: string) => resolvePackage('model_path', address, objects, target);

  test('http stays, with the decoded name; its query, which may hold a signature, is not shown', () => {
    const address = 'http://host/models%2Fmnist.tar.gz?x=1';
    expect(resolve(address)).toEqual({
      location: address,
      name: 'mnist.tar.gz',
      shown: 'http://host/models%2Fmnist.tar.gz?…',
    });
  });

  test('oss objects are files of the store, folders are laid out without leaving the folder', () => {
    expect(resolve('oss://b/model.pt')).toMatchObject({ location: stored, name: 'model.pt' });
    expect(resolve('oss://b/dir/')).toMatchObject({ location: target, name: 'dir' });
    expect(readFileSync(join(target, 'sub/b'), 'utf8')).toBe('content');
    expect(existsSync(join(folder, 'escape'))).toBe(false);
  });

  test.each([
    ['oss://b/none', 'holds no such object'],
    ['oss://b', 'oss://bucket/path is expected'],
    ['ftp://h/x', 'only http, https, oss'],
    ['./model', 'relative path'],
    ['/no/such/file', 'no such file'],
  ])('%s is refused', (address, message) => {
    expect(() => resolve(address)).toThrow(message);
  });
});
