import { EasError } from '../core/errors.ts';
import type { Host } from '../core/host.ts';
import { emit, Lines, parseCommand, parseSpec } from './control.ts';
import { WorkerInstance } from './instance.ts';

/** How long leaving may take before the process ends itself. */
const LEAVE_MS = 2000;

/**
 * `eascmd __worker`: runs one instance of a service until it is told to stop (core/worker/spec.ts). Returns the exit
 * code: 0 after `drain`, `stop`, SIGTERM or the end of stdin, 1 after `fatal`.
 */
export async function runWorker(host: Host): Promise<number> {
  const lines = new Lines(Bun.stdin.stream());
  try {
    return await runInstance(host, lines);
  } catch (error) {
    emit({ type: 'fatal', ...described(error) });
    return 1;
  } finally {
    await lines.close();
    leaveSoon();
  }
}

async function runInstance(host: Host, lines: Lines): Promise<number> {
  const first = await lines.next();
  if (first === undefined) throw new Error('no spec came on stdin');
  const instance = await WorkerInstance.open(host, parseSpec(first), emit);
  const wish = await Promise.race([lastWish(lines, instance), terminated()]);
  if (wish === 'drain') await Promise.race([instance.drain(), stopped(lines)]);
  await instance.close();
  return 0;
}

/** Follows commands until one ends the instance; the end of stdin means that whoever gave them is gone. */
async function lastWish(lines: Lines, instance: WorkerInstance): Promise<'drain' | 'stop'> {
  for (;;) {
    const line = await lines.next();
    if (line === undefined) return 'stop';
    const command = parseCommand(line);
    if (command?.type === 'restart') void instance.restart();
    else if (command) return command.type;
  }
}

async function stopped(lines: Lines): Promise<void> {
  for (;;) {
    const line = await lines.next();
    if (line === undefined || parseCommand(line)?.type === 'stop') return;
  }
}

function terminated(): Promise<'drain'> {
  return new Promise((resolve) => {
    process.once('SIGTERM', () => resolve('drain'));
    process.once('SIGINT', () => resolve('drain'));
  });
}

function described(error: unknown): { code: string; message: string; hint?: string } {
  if (error instanceof EasError) return { code: error.code, message: error.message, hint: error.hint };
  return { code: 'WorkerFailed', message: (error as Error).message };
}

/** Nothing may keep this process, whatever is still open. */
function leaveSoon(): void {
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), LEAVE_MS).unref();
}
