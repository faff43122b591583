import { expect, test } from 'bun:test';
import { resolve } from 'node:path';
import { readMarks } from '../../scripts/readme/marks.ts';
import { pages } from '../../scripts/readme/page.ts';
import { temporaryFolder } from '../support/temporary.ts';

const root = resolve(import.meta.dir, '../..');

test('the command tables say what the command tree and the marks of the tests say', () => {
  // Stale? `bun scripts/readme.ts` makes them anew.
  for (const { path, is, should } of pages(root)) expect([path, is]).toEqual([path, should]);
});

function marksOf(text: string) {
  using folder = temporaryFolder();
  Bun.spawnSync(['mkdir', 'test'], { cwd: folder.path });
  folder.write('test/x.test.ts', text);
  return readMarks(folder.path, ['logs', 'local start']);
}

test('marks are read per command', () => {
  const proofs = marksOf(`
  // proves: logs, local start (local)
  // proves: logs (wire, pop-core)
  step('reads', async () => {`);
  expect(proofs.get('logs')).toEqual({ local: true, wire: new Set(['pop-core']) });
  expect(proofs.get('local start')).toEqual({ local: true, wire: new Set() });
});

test.each([
  ['// proves: logs (local)\nconst x = 1;', 'test/x.test.ts:1: no test follows the mark'],
  ['// proves: logs (local)\n', 'no test follows the mark'],
  ["// proves: nothing (local)\ntest('x', () => {", 'there is no command "nothing"'],
  ["// proves: logs\ntest('x', () => {", 'a mark is "// proves:'],
])('%j proves nothing', (text, problem) => {
  expect(() => marksOf(text)).toThrow(problem);
});

const story = linesOf(await Bun.file(resolve(root, 'docs/story.txt')).text()).filter(
  (line) => !line.startsWith('# '),
);

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}

test.each(['README.md', 'README.zh-CN.md'])(
  'the recording of %s is that of docs/story.txt, with every gap marked',
  async (name) => {
    const readme = await Bun.file(resolve(root, name)).text();
    const shown = linesOf(/```console\n(\$ eascmd local start.*?)```/s.exec(readme)![1]!);
    let at = story.indexOf(shown[0]!);
    for (const [index, line] of shown.entries()) {
      if (line === '[…]') at = story.indexOf(shown[index + 1]!, at);
      else expect(line).toBe(story[at++]!);
    }
    expect(at).toBe(story.length);
  },
);
