import { describe, expect, test } from 'bun:test';
import { examples } from '../../src/cli/catalogue/examples.ts';
import { catalogue } from '../../src/cli/catalogue.ts';
import { helpText, parseCommandLine } from '../../src/cli/program.ts';
import { applyAssignments } from '../../src/core/service/document.ts';
import { needs } from '../support/needs.ts';
import { temporaryFolder } from '../support/temporary.ts';

/** What `eascmd` was called with when a real shell ran the line. */
function callsOf(line: string): string[][] {
  using folder = temporaryFolder();
  const record = `eascmd() { printf '%s\\0' "$@" >> calls; printf '\\n\\0' >> calls; }`;
  folder.write('requests.jsonl', '');
  const home = `${folder.path}/.config/fish/completions`;
  const script = `HOME="$PWD"; mkdir -p "${home}"; ${record}; ${line}`;
  const ran = Bun.spawnSync(['bash', '-ec', script], { cwd: folder.path });
  if (ran.exitCode !== 0) throw new Error(ran.stderr.toString());
  const calls: string[][] = [[]];
  const bytes = Bun.spawnSync(['cat', 'calls'], { cwd: folder.path }).stdout.toString();
  for (const word of bytes.split('\0').slice(0, -1))
    if (word === '\n') calls.push([]);
    else calls.at(-1)!.push(word);
  return calls.slice(0, -1);
}

describe('examples', () => {
  const lines = Object.entries(examples).flatMap(([name, of]) => of.map(([line]) => [name, line] as const));

  for (const [name, line] of lines)
    needs('bash')(`${line}`, async () => {
      const calls = callsOf(line);
      expect(calls).toHaveLength(1);
      const parsed = parseCommandLine(calls[0]!);
      if (parsed.kind !== 'command') throw new Error(`${line} is no command`);
      expect(parsed.spec.name).toBe(name);
      applyAssignments({}, parsed.args.list('define'));
      parsed.args.durationMs('timeout');
    });

  test('every command has two, and none is for a command that is gone', () => {
    const few = catalogue.filter(({ name }) => (examples[name] ?? []).length < 2).map(({ name }) => name);
    const gone = Object.keys(examples).filter((name) => !catalogue.some((spec) => spec.name === name));
    expect({ few, gone }).toEqual({ few: [], gone: [] });
  });
});

// proves: help (local)
describe('help', () => {
  test.each(catalogue.map(({ name }) => name))('%s: arguments, options, examples and exit codes', (name) => {
    const text = helpText(name.split(' '));
    const spec = catalogue.find((known) => known.name === name)!;
    expect(text).toStartWith(`Usage: eascmd ${name}`);
    for (const [notation] of spec.arguments ?? []) expect(text).toContain(notation);
    for (const { flags } of spec.options ?? []) expect(text).toContain(flags);
    for (const [line] of examples[name] ?? []) expect(text).toContain(line);
    expect(text).toMatch(/Exit codes:\n {2}0 {3}done/);
    expect(text.includes('  8   still in progress')).toBe(/--no-wait/.test(text) || name === 'wait');
  });

  test.each([
    [
      ['help', 'scale'],
      ['scale', '--help'],
    ],
    [
      ['help', 'ls'],
      ['list', '--help'],
    ],
    [
      ['help', 'local', 'start'],
      ['local', 'start', '--help'],
    ],
    [
      ['help', 'local'],
      ['local', '--help'],
    ],
    [['help'], ['--help']],
  ])('%j says what %j says', (asked, same) => {
    const parsed = parseCommandLine(same);
    expect(helpText(asked.slice(1))).toBe(parsed.kind === 'text' ? parsed.text : '');
  });

  test('what takes long or goes on until it is stopped names the exit code of Ctrl-C', () => {
    const named = catalogue.filter(({ name }) => helpText(name.split(' ')).includes('  130 ended by Ctrl-C'));
    expect(
      named
        .map(({ name }) => name)
        .sort()
        .join(' '),
    ).toBe(
      'bench create bench delete bench start bench stop bench update bench visualize clone create delete dev download events local logs logs modify restart scale start stop test upload version wait',
    );
  });

  test('no line is wider than 120 columns', () => {
    const wide = catalogue.flatMap(({ name }) =>
      helpText(name.split(' '))
        .split('\n')
        .filter((line) => line.length > 120),
    );
    expect(wide).toEqual([]);
  });

  test('a command that is none is wrong usage, with the one that was probably meant', () => {
    expect(() => helpText(['creat'])).toThrow("Unknown command 'creat'");
    expect(() => helpText(['local', 'strat'])).toThrow("Unknown command 'local strat'");
  });
});
