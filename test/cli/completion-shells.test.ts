import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { chmodSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { completionScripts } from '../../src/cli/completion/scripts.ts';
import { type LiveLocal, liveLocal, selfCommand } from '../support/live-local.ts';
import { needs } from '../support/needs.ts';
import { temporaryFolder } from '../support/temporary.ts';

/** The scripts in the shells they are for, with a program that is this one and a Local EAS that knows a service. */
let local: LiveLocal;
const name = 'shell_completed';

beforeAll(async () => {
  local = await liveLocal();
  local.write('with space.json', '{}');
  local.write('app.py', '');
  local.write(
    'service.json',
    JSON.stringify({
      name,
      processor_path: './app.py',
      processor_type: 'python',
      processor_entry: './app.py',
      metadata: { instance: 0, cpu: 1 },
    }),
  );
  const created = await local.eas(['create', 'service.json']);
  if (created.code !== 0) throw new Error(created.err);
  const command = selfCommand.map((word) => `'${word}'`).join(' ');
  chmodSync(local.write('bin/eascmd', `#!/bin/sh\nexec ${command} "$@"\n`), 0o755);
});
afterAll(() => local?.stop());

function shell(command: string[], home = local.folder): string {
  const ran = Bun.spawnSync(command, {
    cwd: local.folder,
    env: { PATH: `${join(local.folder, 'bin')}:${process.env.PATH}`, HOME: home, TERM: 'dumb' },
    stdin: 'ignore',
  });
  return ran.stdout.toString() + ran.stderr.toString();
}

const cases: [before: string, current: string, expected: string[]][] = [
  ['', 'versio', ['version', 'versions']],
  ['local', 'sto', ['stop']],
  ['-e local desc', '', [name]],
  ['-e local logs', 'shell_', [name]],
  ['-e local logs', 'other', []],
  ['lock x', 'd', ['dangerous']],
  ['-e', 'cn-h', ['cn-hangzhou', 'cn-heyuan', 'cn-hongkong']],
  ['create', 'with', ['with space.json']],
];

// proves: completion (local)
describe('bash', () => {
  for (const [before, current, expected] of cases)
    needs('bash')(`eascmd ${before} ${current}<TAB>`, async () => {
      const words = ['eascmd', ...before.split(' ').filter(Boolean), current];
      const quoted = words.map((word) => `'${word}'`).join(' ');
      const script = `eval "$(eascmd completion bash)"; COMP_WORDS=(${quoted}); COMP_CWORD=${words.length - 1}
        _eascmd eascmd; printf '%s\\n' "\${COMPREPLY[@]}"`;
      const offered = shell(['bash', '--norc', '-c', script]).split('\n').filter(Boolean);
      expect(offered.sort()).toEqual(expected);
    });

  needs('bash')('the script registers itself, for a path in the home too', async () => {
    const script = `eval "$(eascmd completion bash)"; complete -p eascmd
      COMP_WORDS=('~/bin/eascmd' 'versio'); COMP_CWORD=1; _eascmd '~/bin/eascmd'; echo "\${COMPREPLY[@]}"`;
    expect(shell(['bash', '--norc', '-c', script])).toBe('complete -F _eascmd eascmd\nversion versions\n');
  });
});

describe('zsh', () => {
  for (const [before, current, expected] of cases.slice(0, 6))
    needs('zsh')(`eascmd ${before} ${current}<TAB>`, async () => {
      const words = ['eascmd', ...before.split(' ').filter(Boolean), current];
      const quoted = words.map((word) => `'${word}'`).join(' ');
      // compinit's own functions need a terminal; what the script hands to them does not.
      const script = `compdef() { :; }; _files() { :; }
        _describe() { local -a given; given=("\${(@P)2}"); for g in $given; do print -r -- "\${g%%:*}"; done }
        eval "$(eascmd completion zsh)"; words=(${quoted}); CURRENT=${words.length}; _eascmd`;
      const offered = shell(['zsh', '-f', '-c', script]).split('\n').filter(Boolean);
      expect(offered.sort()).toEqual(expected);
    });
});

describe('fish', () => {
  for (const [before, current, expected] of cases.slice(0, 7))
    needs('fish')(`eascmd ${before} ${current}<TAB>`, async () => {
      const line = ['eascmd', ...before.split(' ').filter(Boolean), current].join(' ');
      const script = `eascmd completion fish | source; complete -C '${line}'`;
      const offered = shell(['fish', '--no-config', '-c', script]).split('\n').filter(Boolean);
      expect(offered.map((line) => line.split('\t')[0]!).sort()).toEqual(expected);
    });
});

test('powershell: the script asks in the same way', () => {
  expect(completionScripts.powershell).toContain('& eascmd __complete @words "=$wordToComplete"');
  expect(completionScripts.powershell.match(/\{/g)).toHaveLength(
    completionScripts.powershell.match(/\}/g)!.length,
  );
});

needs('bash')('nothing is started and nothing is said when Local EAS does not run', async () => {
  using home = temporaryFolder();
  for (const words of ['-e local desc', 'desc', '-e nowhere desc', '-c missing.conf desc'])
    expect(shell(['eascmd', '__complete', ...words.split(' '), '='], home.path)).toBe('');
  expect(existsSync(join(home.path, '.eas'))).toBe(false);
});
