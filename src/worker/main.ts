import { EasError } from '../core/errors.ts';
import type { Host } from '../core/host.ts';
import { emit, linesOf, parseCommand, parseSpec } from './control.ts';
import { WorkerInstance } from './instance.ts';

/** How long leaving may take before the process ends itself. */
const LEAVE_MS = 2000;

/**
 * `eascmd __worker`: runs one instance of a service until it is told to stop (core/worker/spec.ts). Returns the exit
 * code: 0 after `drain`, `stop`, SIGTERM or the end of stdin, 1 after `fatal`.
 */
export async function runWorker(host: Host): Promise<number> {
  const lines = linesOf(Bun.stdin.stream());
  let instance: WorkerInstance;
  try {
    const first = await lines.next();
    if (first.done) throw new Error('no spec came on stdin');
    instance = await WorkerInstance.open(host, parseSpec(first.value), emit);
  } catch (error) {
    emit({ type: 'fatal', ...described(error) });
    leaveSoon();
    return 1;
  }
  await Promise.race([obey(lines, instance), terminated().then(() => instance.drain())]);
  await instance.close();
  leaveSoon();
  return 0;
}

/** Follows commands until one ends the instance, or whoever gave them is gone. */
async function obey(lines: AsyncGenerator<string>, instance: WorkerInstance): Promise<void> {
  let draining: Promise<void> | undefined;
  const told = (async () => {
    for (;;) {
      const line = await lines.next();
      if (line.done) return instance.kill();
      const command = parseCommand(line.value);
      if (command?.type === 'stop') return;
      if (command?.type === 'drain') {
        draining ??= instance.drain();
        return;
      }
    }
  })();
  await told;
  if (draining) await Promise.race([draining, untilEnd(lines).then(() => instance.kill())]);
}

/** While draining, only `stop` and the end of stdin still count. */
async function untilEnd(lines: AsyncGenerator<string>): Promise<void> {
  for await (const line of lines) if (parseCommand(line)?.type === 'stop') return;
}

function terminated(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGTERM', () => resolve());
    process.once('SIGINT', () => resolve());
  });
}

function described(error: unknown): { code: string; message: string; hint?: string } {
  if (error instanceof EasError) return { code: error.code, message: error.message, hint: error.hint };
  return { code: 'WorkerFailed', message: (error as Error).message };
}

/** The pending read of stdin keeps a process alive; nothing may keep this one. */
function leaveSoon(): void {
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), LEAVE_MS).unref();
}
