import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../build/config.ts';
import type { Tally } from '../checks/run.ts';
import { leftovers } from '../processes.ts';
import { say } from '../say.ts';
import { deserveSecondLook, failedFiles } from './second-look.ts';
import { readSummary } from './summary.ts';

const timeoutMs = 60_000;

/**
 * Runs `bun test`, two files at a time, in a temporary folder of its own. Skipped tests are listed with their
 * reasons; the files of a few failed ones get a second look. A process or a file that outlives the tests counts as one
 * failure and is removed.
 */
export async function runSuite(args: string[]): Promise<Tally> {
  const temporary = mkdtempSync(join(realpathSync(tmpdir()), 'et-'));
  // Tests that act as another user need to pass through.
  chmodSync(temporary, 0o711);
  const scratch = mkdtempSync(join(realpathSync(tmpdir()), 'et-run-'));
  const place = { temporary, skipLog: join(scratch, 'skipped'), report: join(scratch, 'report.xml') };
  try {
    const first = await runTests(['--parallel=2', ...(args.length > 0 ? args : ['test'])], place);
    if (existsSync(place.skipLog)) say(readFileSync(place.skipLog, 'utf8').trimEnd());
    const tally = await lookAgain(first, place);
    return { ...tally, failed: tally.failed + (await removeLeftovers(temporary)) };
  } finally {
    rmSync(temporary, { recursive: true, force: true });
    rmSync(scratch, { recursive: true, force: true });
  }
}

interface Place {
  temporary: string;
  skipLog: string;
  report: string;
}

async function runTests(args: string[], { temporary, skipLog, report }: Place): Promise<Tally> {
  const reporter = ['--reporter=junit', `--reporter-outfile=${report}`];
  const run = Bun.spawn([process.execPath, 'test', `--timeout=${timeoutMs}`, ...reporter, ...args], {
    cwd: root,
    // `bun test` takes UTC for its own clock; the C library has to be told.
    env: { ...process.env, TZ: 'Etc/UTC', TMPDIR: temporary, EASCMD_SKIP_LOG: skipLog },
    stdin: 'ignore',
    stdout: 'inherit',
    stderr: 'pipe',
  });
  const stop = (signal: NodeJS.Signals) => () => run.kill(signal);
  const signals = (['SIGINT', 'SIGTERM'] as const).map((name) => ({ name, handler: stop(name) }));
  for (const { name, handler } of signals) process.on(name, handler);
  const output = await relay(run.stderr);
  const code = await run.exited;
  for (const { name, handler } of signals) process.off(name, handler);
  return readSummary(output, code);
}

/** Failed files run once more, alone; a test that passes then is named, since a test should not need it. */
async function lookAgain(first: Tally, place: Place): Promise<Tally> {
  const files = existsSync(place.report) ? failedFiles(readFileSync(place.report, 'utf8')) : [];
  if (!deserveSecondLook(files, first.failed)) return first;
  // A test that was cut off has not tidied up; what a second run leaves counts.
  await removeLeftovers(place.temporary);
  say(`\nA second look, alone: ${files.map(({ path }) => path).join(' ')}`);
  const second = await runTests(
    files.map(({ path }) => `./${path}`),
    { ...place, skipLog: '' },
  );
  const failed = Math.min(second.failed, first.failed);
  if (failed === 0)
    for (const { path, tests } of files)
      for (const name of tests) say(`unsteady: ${path} > ${name} failed beside others and passed alone`);
  return { ...first, passed: first.passed + first.failed - failed, failed };
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
  for (const file of files) rmSync(join(temporary, file), { recursive: true, force: true });
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
