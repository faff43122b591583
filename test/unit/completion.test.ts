import { expect, test } from 'bun:test';
import { catalogue } from '../../src/cli/catalogue.ts';
import { spellings } from '../../src/cli/command.ts';
import { completionOf } from '../../src/cli/completion/candidates.ts';

const words = (line: string, current: string) =>
  completionOf(line.split(' ').filter(Boolean), current)
    .candidates.map(({ word }) => word)
    .sort();

test.each([
  ['', 'lo', ['local', 'lock', 'logs']],
  ['', 'upd', ['update']],
  ['local', 'st', ['start', 'status', 'stop']],
  ['-e local', 'rest', ['restart']],
  ['-elocal --no-color', 'rest', ['restart']],
  ['help', 'cl', ['clone']],
  ['help local', 'r', ['reset']],
  ['-o', '', ['json', 'text']],
  ['ls -o', 'j', ['json']],
  ['lock echo', '', ['all', 'dangerous', 'none']],
  ['labels echo', '', ['rm', 'set']],
  ['completion', 'f', ['fish']],
  ['bench', 'd', ['delete', 'desc']],
  ['events echo --type', '', ['Normal', 'Warning']],
  ['modify', '--d', ['--debug', '--define', '--diff', '--dry-run']],
  ['delete', '--y', ['--yes']],
  ['', '--ver', []],
  ['nonsense', '', []],
  ['desc echo', '', []],
])('after "%s", "%s": %j', (before, current, expected) => {
  expect(words(before, current)).toEqual(expected);
});

test.each([
  ['desc', 'services'],
  ['-e local logs', 'services'],
  ['modify -Dmetadata.instance=2', 'services'],
  ['modify -s', 'files'],
  ['create', 'files'],
  ['upload', 'files'],
  ['bench create', 'files'],
  ['bench stop -y', 'tasks'],
  ['-e local bench update -Dbase.qps=1', 'tasks'],
  ['-c', 'files'],
  ['-e', 'regions'],
  ['logs echo --since', undefined],
  ['version echo', undefined],
] as const)('after "%s" the names of %p', (before, wants) => {
  expect(completionOf(before.split(' '), '').wants).toBe(wants);
});

test('the options before the cursor tell where to look', () => {
  const { options } = completionOf(['-e', 'local', '-c', 'x.conf', 'desc', '--output=json'], '');
  expect(options).toEqual({ endpoint: 'local', config: 'x.conf', output: 'json' });
});

test('every command and alias is offered', () => {
  for (const spec of catalogue)
    for (const wording of spellings(spec)) {
      const [first, second] = wording.split(' ') as [string, string?];
      expect(words('', '')).toContain(first);
      if (second) expect(words(first, '')).toContain(second);
    }
});
