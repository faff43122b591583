import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../build/config.ts';
import type { Tally } from '../checks/run.ts';
import { leftovers } from '../processes.ts';
import { say } from '../say.ts';
import { readSummary } from './summary.ts';

const timeoutMs = 60_000;

/**
 * Runs `bun test`, two files at a time, in a temporary folder of its own. Skipped tests are listed with their
 * reasons. A process or a file that outlives the tests counts as one failure and is removed.
 */
export async function runSuite(args: string[]): Promise<Tally> {
  const temporary = mkdtempSync(join(realpathSync(tmpdir()), 'et-'));
  // Tests that act as another user need to pass through.
  chmodSync(temporary, 0o711);
  const scratch = mkdtempSync(join(realpathSync(tmpdir()), 'et-run-'));
  const skipLog = join(scratch, 'skipped');
  try {
    const run = Bun.spawn(
      [
        process.execPath,
        'test',
        '--parallel=2',
        `--timeout=${timeoutMs}`,
        ...(args.length > 0 ? args : ['test']),
      ],
      {
        cwd: root,
        // `bun test` takes UTC for its own clock; the C library has to be told.
        env: { ...process.env, TZ: 'Etc/UTC', TMPDIR: temporary, EASCMD_SKIP_LOG: skipLog },
        stdin: 'ignore',
        stdout: 'inherit',
        stderr: 'pipe',
      },
    );
    const stop = (signal: NodeJS.Signals) => () => run.kill(signal);
    const signals = (['SIGINT', 'SIGTERM'] as const).map((name) => ({ name, handler: stop(name) }));
    for (const { name, handler } of signals) process.on(name, handler);
    const output = await relay(run.stderr);
    const code = await run.exited;
    for (const { name, handler } of signals) process.off(name, handler);

    if (existsSync(skipLog)) say(readFileSync(skipLog, 'utf8').trimEnd());
    const tally = readSummary(output, code);
    return { ...tally, failed: tally.failed + (await removeLeftovers(temporary)) };
  } finally {
    rmSync(temporary, { recursive: true, force: true });
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Copies to our stderr and returns the whole text. */
async function relay(stream: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of stream) {
    process.stderr.write(chunk);
    text += decoder.decode(chunk, { stream: true });
  }
  return text;
}

async function removeLeftovers(temporary: string): Promise<number> {
  const processes = await leftovers(temporary);
  for (const { pid, command } of processes) {
    say(`left running by a test: ${pid} ${command}`);
    tryKill(pid);
  }
  const files = readdirSync(temporary);
  if (files.length > 0) say(`left in the temporary folder by a test: ${files.join(' ')}`);
  return processes.length > 0 || files.length > 0 ? 1 : 0;
}

/** It may have ended by itself meanwhile. */
function tryKill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
