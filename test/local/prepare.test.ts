import { describe, expect, test } from 'bun:test';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { runPrepare } from '../../src/local/packages/prepare.ts';
import { Turns } from '../../src/local/packages/turns.ts';
import { Launcher } from '../../src/local/process/launcher.ts';
import type { Processes } from '../../src/local/state/processes.ts';
import { beat, copyBeating, startPulse } from '../../src/worker/prepare/pulse.ts';
import { needs } from '../support/needs.ts';
import { temporaryFolder } from '../support/temporary.ts';

/** Runs a shell script where `__prepare` would run. */
async function prepared(script: string, silenceMs: number) {
  using folder = temporaryFolder();
  const known = new Set<number>();
  const processes = {
    add: ({ pid }) => void known.add(pid),
    remove: ({ pid }) => void known.delete(pid),
  } as Pick<Processes, 'add' | 'remove'> as Processes;
  const launcher = new Launcher(['/bin/sh', folder.write('prepare', script)], {}, folder.path, processes);
  const said: string[] = [];
  const spec = { workspace: join(folder.path, 'v1'), maxUnpackedBytes: 1 };
  const never = new AbortController().signal;
  const outcome = await runPrepare(launcher, spec, (message) => said.push(message), never, silenceMs);
  return { outcome, said, left: known.size };
}

const alive = `echo '{"type":"alive"}'`;
const done = `echo '{"type":"done","modelBytes":0,"processorBytes":0}'`;

describe('a preparation', () => {
  needs('linux')('that never begins is ended and says so', async () => {
    const { outcome, left } = await prepared('exec sleep 60', 100);
    expect(outcome).toMatchObject({ ok: false, message: expect.stringContaining('it had not begun') });
    expect(left).toBe(0);
  });

  needs('linux')('that falls silent is ended, with the last it said', async () => {
    const script = `${alive}; echo '{"type":"progress","message":"Downloading http file: x"}'; exec sleep 60`;
    const { outcome, said } = await prepared(script, 3000);
    expect(said).toEqual(['Downloading http file: x']);
    expect(outcome).toMatchObject({
      ok: false,
      message: expect.stringContaining('last it said: Downloading http file: x'),
    });
  });

  needs('linux')('may take as long as it wants while it shows signs of life', async () => {
    const beats = `for i in 1 2 3 4 5 6 7 8 9 10; do ${alive}; sleep 0.4; done; ${done}`;
    expect((await prepared(beats, 3000)).outcome).toEqual({ ok: true });
  });
});

test('a pulse is given only while bytes move', async () => {
  let given = 0;
  const end = startPulse(() => given++, 5);
  await Bun.sleep(30);
  expect(given).toBe(0);
  beat();
  while (given === 0) await Bun.sleep(1);
  await Bun.sleep(30);
  expect(given).toBe(1);
  end();
});

test.each([
  ['in one call', 100],
  ['piece by piece', 2],
])('a file is copied %s with its mode', async (_, oneCallBytes) => {
  using folder = temporaryFolder();
  const from = folder.write('from', 'weights');
  const to = join(folder.path, 'to');
  await copyBeating(from, to, oneCallBytes);
  expect(readFileSync(to, 'utf8')).toBe('weights');
  expect(statSync(to).mode).toBe(statSync(from).mode);
});

test('turns say when the next one has to wait', async () => {
  const turns = new Turns(1);
  expect(turns.areTaken).toBe(false);
  const release = await turns.take();
  expect(turns.areTaken).toBe(true);
  release();
  expect(turns.areTaken).toBe(false);
});
