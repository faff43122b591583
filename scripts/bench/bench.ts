import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Subprocess } from 'bun';
import { leftovers } from '../processes.ts';
import type { Row } from './table.ts';

export const root = resolve(import.meta.dir, '../..');
const binary = join(root, 'dist', process.platform === 'win32' ? 'eascmd.exe' : 'eascmd');
/** Every figure is the median of so many runs. */
export const RUNS = 5;

/** What one run of the bench owns: a temporary folder, the processes it started, and its rows. */
export class Bench {
  readonly folder = mkdtempSync(join(tmpdir(), 'eas-bench-'));
  readonly rows: Row[] = [];
  /** Nothing more is to be started. */
  isClosing = false;
  private readonly started: Subprocess[] = [];

  /** `program` is the command line of eascmd. */
  constructor(readonly program: string[]) {}

  say(line: string): void {
    process.stderr.write(`${line}\n`);
  }

  skip(what: string, reason: string): void {
    this.say(`skip: ${what} – ${reason}`);
  }

  own<T extends Subprocess>(child: T): T {
    this.started.push(child);
    return child;
  }

  /** Ends one of the processes that it started, in order when that takes no longer than 5 s. */
  async end(child: Subprocess): Promise<void> {
    child.kill();
    const isDead = await Promise.race([child.exited.then(() => true), Bun.sleep(5000)]);
    if (!isDead) child.kill('SIGKILL');
  }

  /** Also after a signal, in the middle of anything: what belongs to the folder ends, however it was started. */
  async close(): Promise<void> {
    this.isClosing = true;
    for (const child of this.started.splice(0).reverse()) await this.end(child);
    for (const { pid } of await leftovers(this.folder)) kill(pid);
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended meanwhile.
  }
}

/** The built binary, built when there is none; the source tree under EASCMD_FROM_SOURCE, as with bin/eascmd. */
export async function findProgram(): Promise<string[]> {
  if (process.env.EASCMD_FROM_SOURCE) return [process.execPath, '--no-install', join(root, 'src/main.ts')];
  if (!existsSync(binary)) await output([process.execPath, join(root, 'scripts/build.ts')]);
  return [binary];
}

/** Runs a command to its end and returns its stdout; throws with its stderr when it fails. */
export async function output(
  command: string[],
  options: { cwd?: string; env?: Record<string, string> } = {},
) {
  const child = Bun.spawn(command, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
  });
  const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  if ((await child.exited) !== 0) throw new Error(`${command.join(' ')} failed:\n${err}${out}`);
  return out;
}

/** First line that a process prints, such as the port it took. */
export async function firstLine(stream: ReadableStream<Uint8Array>): Promise<string> {
  let text = '';
  const reader = stream.getReader();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`a process ended before it said what was expected: ${text}`);
    text += new TextDecoder().decode(value);
    if (text.includes('\n')) return text.slice(0, text.indexOf('\n'));
  }
}
