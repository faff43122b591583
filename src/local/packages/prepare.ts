import { eachLine } from '../../core/process/lines.ts';
import type { PrepareEvent, PrepareSpec } from '../../core/worker/prepare.ts';
import type { Launcher } from '../process/launcher.ts';

export type PrepareOutcome = { ok: true } | { ok: false; message: string };

/** Runs `__prepare` to its end, or until `signal` is aborted; never throws. */
export async function runPrepare(
  launcher: Launcher,
  spec: PrepareSpec,
  onProgress: (message: string) => void,
  signal: AbortSignal,
): Promise<PrepareOutcome> {
  if (signal.aborted) return { ok: false, message: 'interrupted' };
  let outcome: PrepareOutcome | undefined;
  const child = launcher.start('__prepare', { what: `prepare ${spec.workspace}` });
  const abort = () => child.process.kill('SIGKILL');
  signal.addEventListener('abort', abort);
  try {
    child.send(spec);
    child.endInput();
    await eachLine(child.process.stdout, (line) => {
      const event = readEvent(line);
      if (event?.type === 'progress') onProgress(event.message);
      else if (event?.type === 'done') outcome = { ok: true };
      else if (event?.type === 'error')
        outcome = { ok: false, message: event.hint ? `${event.message}. ${event.hint}` : event.message };
    });
    const code = await child.process.exited;
    if (signal.aborted) return { ok: false, message: 'interrupted' };
    return outcome ?? { ok: false, message: `the preparation of the package ended with code ${code}` };
  } finally {
    signal.removeEventListener('abort', abort);
    child.forget();
  }
}

function readEvent(line: string): PrepareEvent | undefined {
  try {
    return JSON.parse(line) as PrepareEvent;
  } catch {
    return undefined;
  }
}
