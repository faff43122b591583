import { expect } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WorkerEvent, WorkerSpec } from '../../src/core/worker/spec.ts';
import { type WorkerExit, WorkerProcess } from '../../src/local/instances/worker.ts';
import { Launcher } from '../../src/local/process/launcher.ts';
import type { Processes } from '../../src/local/state/processes.ts';
import { needs } from '../support/needs.ts';
import { temporaryFolder } from '../support/temporary.ts';

needs('linux')('a worker is seen to end although a process of it keeps its stdout open', async () => {
  using folder = temporaryFolder();
  const pidFile = join(folder.path, 'pid');
  const script = `echo '{"type":"drained"}'; sleep 600 & echo $! > ${pidFile}; exit 3`;
  const known = { add() {}, remove() {} } as Partial<Processes> as Processes;
  const launcher = new Launcher(['/bin/sh', folder.write('worker', script)], {}, folder.path, known);
  const events: WorkerEvent[] = [];
  const exits: WorkerExit[] = [];
  const spec = { instance: 'one', logFile: join(folder.path, 'log') } as WorkerSpec;
  const listener = {
    onEvent: (event: WorkerEvent) => void events.push(event),
    onExit: (exit: WorkerExit) => void exits.push(exit),
  };
  try {
    await new WorkerProcess(launcher, spec, listener).exited;
    expect(events).toEqual([{ type: 'drained' }]);
    expect(exits).toEqual([{ code: 3, signal: null }]);
  } finally {
    process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGKILL');
  }
});
