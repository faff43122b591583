import { expect, test } from 'bun:test';
import { differences } from '../../src/core/service/difference.ts';
import { differenceLines } from '../../src/ui/views/differences.ts';

const stored = {
  name: 'echo',
  token: 'old secret',
  metadata: { instance: 1, cpu: 1, 'rpc.keepalive': 5000 },
  processor_params: ['a', 'b'],
  model_config: { type: 'x', depth: { of: 1 } },
};

test.each<[what: string, change: Record<string, unknown>, lines: string[]]>([
  ['a number', { metadata: { instance: 2 } }, ['[DIFF] metadata.instance: 1 -> 2']],
  ['what is there already', { name: 'echo', metadata: { cpu: 1 } }, ['[DIFF] nothing changes']],
  ['a field that is new', { metadata: { gpu: 1 } }, ['[DIFF] metadata.gpu: (none) -> 1']],
  ['null', { metadata: { cpu: null } }, ['[DIFF] metadata.cpu: 1 -> (none)']],
  ['null for nothing', { metadata: { gpu: null } }, ['[DIFF] nothing changes']],
  ['the other spelling', { metadata: { rpc: { keepalive: 5000 } } }, ['[DIFF] nothing changes']],
  ['a list', { processor_params: ['a'] }, ['[DIFF] processor_params: ["a","b"] -> ["a"]']],
  ['a part of an object', { model_config: { depth: { of: 2 } } }, ['[DIFF] model_config.depth.of: 1 -> 2']],
  ['text for an object', { model_config: 'y' }, ['[DIFF] model_config: {"type":"x","depth.of":1} -> "y"']],
  ['a secret', { token: 'new secret' }, ['[DIFF] token: "******" -> "******"']],
])('%s', (_what, change, lines) => {
  expect(differenceLines(differences(stored, change))).toEqual(lines);
});

test('a long value is cut, and so is a long list', () => {
  const many = Object.fromEntries(
    Array.from({ length: 60 }, (_, index) => [`label${index}`, 'x'.repeat(200)]),
  );
  const lines = differenceLines(differences({}, { labels: many }));
  expect(lines).toHaveLength(41);
  expect(lines.at(-1)).toBe('[DIFF] and 20 more');
  expect(lines[0]!.length).toBeLessThan(120);
});
