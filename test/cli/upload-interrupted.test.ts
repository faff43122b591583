import { describe, expect, test } from 'bun:test';
import { closeSync, ftruncateSync, openSync, readdirSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runCli } from '../../src/cli/run.ts';
import { fakeIo } from '../support/fake-io.ts';
import { BUCKET } from '../support/object-store.ts';
import { hostOf } from '../support/scripted-eas.ts';
import { MIB, TransferPlace } from '../support/transfer-place.ts';

const program = [process.execPath, resolve(import.meta.dir, '../../src/main.ts')];

function spawn(place: TransferPlace, argv: string[]) {
  const { flags, env } = place.cli;
  return Bun.spawn([...program, ...flags, ...argv], {
    cwd: place.dir,
    env,
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
  });
}

/** Lets that many parts pass and tells when they are stored; those behind them stay unanswered. */
function holdAfter(place: TransferPlace, parts: number): Promise<void> {
  const { promise, resolve: reached } = Promise.withResolvers<void>();
  let begun = 0;
  let taken = 0;
  place.front = async (_request, store) => {
    if (!/^PUT \d/.test(place.log.at(-1)!)) return store();
    if (++begun > parts) return new Promise<Response>(() => {});
    const answer = await store();
    if (++taken === parts) reached();
    return answer;
  };
  return promise;
}

async function resumed(place: TransferPlace, bytes: Buffer): Promise<void> {
  place.front = undefined;
  place.log.length = 0;
  const child = spawn(place, ['upload', 'model.tar.gz', '-o', 'json']);
  const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  expect([err, await child.exited]).toEqual(['', 0]);
  const { objects } = JSON.parse(out) as { objects: { skippedBytes: number; target: string }[] };
  expect(objects[0]!.skippedBytes).toBeGreaterThanOrEqual(3 * 4 * MIB);
  expect(new Set(place.partsSent()).size).toBeLessThanOrEqual(4);
  const key = objects[0]!.target.slice(`oss://${BUCKET}/`.length);
  expect(((await place.store.client().get(key)).content as Buffer).equals(bytes)).toBe(true);
}

describe('an upload that is ended by', () => {
  test('kill -9 goes on where it stopped', async () => {
    await using place = new TransferPlace();
    const bytes = place.fill(28 * MIB);
    const reached = holdAfter(place, 3);
    const child = spawn(place, ['upload', 'model.tar.gz']);
    await reached;
    child.kill('SIGKILL');
    await child.exited;
    await resumed(place, bytes);
  }, 60_000);

  test('Ctrl-C says how to go on, and goes on', async () => {
    await using place = new TransferPlace();
    const bytes = place.fill(28 * MIB);
    const reached = holdAfter(place, 3);
    const { flags, env } = place.cli;
    const io = fakeIo({ isRealTime: true });
    const host = hostOf([...flags, 'upload', 'model.tar.gz'], { cwd: place.dir, homeDir: env.HOME!, env });
    const ended = runCli(host, io);
    await reached;
    io.signal('SIGINT');
    expect(await ended).toBe(130);
    expect(io.err()).toContain('the same command goes on where it stopped');
    expect(io.out()).not.toContain('Succeed');
    await resumed(place, bytes);
  }, 60_000);
});

/** Greatest resident size of a process, as Linux keeps it; `ru_maxrss` would begin with that of this very process. */
async function peakBytes(child: Bun.Subprocess): Promise<number> {
  let peak = 0;
  while (child.exitCode === null) {
    const status = await Bun.file(`/proc/${child.pid}/status`)
      .text()
      .catch(() => '');
    peak = Math.max(peak, Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024);
    await Bun.sleep(50);
  }
  return peak;
}

/** GiB of the sparse file: in CI one beyond 4 GiB, which takes a minute or more; its object takes as much of the disk. */
const isRoomy = statfsSync(tmpdir()).bavail * statfsSync(tmpdir()).bsize > 12 * 1024 * MIB;
const SPARSE_GIB = Number(process.env.EASCMD_TEST_SPARSE_GIB ?? (process.env.CI && isRoomy ? 5 : 0.25));

test(`a sparse file of ${SPARSE_GIB} GiB goes up in flat memory`, async () => {
  await using place = new TransferPlace();
  const file = openSync(place.path, 'w');
  ftruncateSync(file, SPARSE_GIB * 1024 * MIB);
  closeSync(file);
  const child = spawn(place, ['upload', 'model.tar.gz']);
  const peak = peakBytes(child);
  const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  expect([await child.exited, err.includes('ERROR')]).toEqual([0, false]);
  const size = (SPARSE_GIB * 1024 * MIB).toLocaleString('en-US');
  expect(out).toEndWith(`Succeed: Total num: 1, size: ${size}. OK num: 1(upload 1 files).\n`);
  // Not with its size. The budget of 150 MB is the binary's on a machine of its own: npm run bench.
  expect(await peak).toBeLessThan(200 * MIB);
  expect(readdirSync(join(place.dir, 'home/.eas/uploads'))).toHaveLength(1);
}, 900_000);
