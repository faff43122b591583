import { examples } from './catalogue/examples.ts';
import { isOffline } from './catalogue/offline.ts';
import type { CommandSpec } from './command.ts';

/** What stands below the options in the help of a command: examples and exit codes. */
export function lesson(spec: CommandSpec): string {
  const shown = (examples[spec.name] ?? []).flatMap(([line, meaning]) => [`  # ${meaning}`, `  ${line}`]);
  const codes = exitCodes(spec).map(([code, meaning]) => `  ${String(code).padEnd(4)}${meaning}`);
  return ['', 'Examples:', ...shown, '', 'Exit codes:', ...codes, ''].join('\n');
}

/** Without waiting for a service they may take long, or go on until they are stopped. */
const RUNS_ON = ['upload', 'download', 'test', 'dev', 'bench visualize'];

/** docs/exit-codes.md, as far as the command can come to them. */
function exitCodes(spec: CommandSpec): [code: number, meaning: string][] {
  const has = (flag: string) => spec.options?.some(({ flags }) => flags.startsWith(flag)) ?? false;
  const waits = has('--no-wait') || spec.name === 'wait';
  const codes: [number, string][] = [
    [0, waits && spec.name !== 'wait' ? 'done; with --no-wait: accepted' : 'done'],
    [1, 'refused, or it went wrong'],
    [2, 'wrong usage or input; nothing was done'],
  ];
  if (!isOffline(spec.name)) codes.push([4, 'no credentials, or they were refused']);
  if (waits) codes.push([8, 'still in progress when --timeout was over; nothing is undone']);
  if (waits || has('-f, --follow') || RUNS_ON.includes(spec.name))
    codes.push([130, 'ended by Ctrl-C (143: SIGTERM)']);
  return codes;
}
