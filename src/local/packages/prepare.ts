import { eachLine } from '../../core/process/lines.ts';
import type { PrepareEvent, PrepareSpec } from '../../core/worker/prepare.ts';
import type { Launcher } from '../process/launcher.ts';

export type PrepareOutcome = { ok: true } | { ok: false; message: string };

/** Silence after which a preparation is given up: many times its pulse, and the time a slow disk needs for one step. */
const SILENCE_MS = 5 * 60_000;

/**
 * Runs `__prepare` to its end, or until `signal` is aborted; never throws. One that has said nothing for
 * `silenceMs` is ended, so that it neither keeps its service at Creating nor others from their turn.
 */
export async function runPrepare(
  launcher: Launcher,
  spec: PrepareSpec,
  onProgress: (message: string) => void,
  signal: AbortSignal,
  silenceMs = SILENCE_MS,
): Promise<PrepareOutcome> {
  if (signal.aborted) return { ok: false, message: 'interrupted' };
  let outcome: PrepareOutcome | undefined;
  const child = launcher.start('__prepare', { what: `prepare ${spec.workspace}` });
  const abort = () => child.process.kill('SIGKILL');
  const stuck = Promise.withResolvers<'stuck'>();
  let lastWords = 'it had not begun';
  const giveUp = () => {
    abort();
    stuck.resolve('stuck');
  };
  let silence = setTimeout(giveUp, silenceMs);
  signal.addEventListener('abort', abort);
  try {
    child.send(spec);
    child.endInput();
    const reading = eachLine(child.process.stdout, (line) => {
      clearTimeout(silence);
      silence = setTimeout(giveUp, silenceMs);
      const event = readEvent(line);
      if (event?.type === 'alive' && lastWords === 'it had not begun') lastWords = 'it had begun';
      else if (event?.type === 'progress') {
        lastWords = `last it said: ${event.message}`;
        onProgress(event.message);
      } else if (event?.type === 'done') outcome = { ok: true };
      else if (event?.type === 'error')
        outcome = { ok: false, message: event.hint ? `${event.message}; ${event.hint}` : event.message };
    });
    // A process that hangs in the kernel does not even end when it is killed.
    const code = await Promise.race([reading.then(() => child.process.exited), stuck.promise]);
    if (signal.aborted) return { ok: false, message: 'interrupted' };
    if (code === 'stuck' && !outcome) return { ok: false, message: stuckMessage(silenceMs, lastWords) };
    return outcome ?? { ok: false, message: `the preparation of the package ended with code ${code}` };
  } finally {
    clearTimeout(silence);
    signal.removeEventListener('abort', abort);
    child.forget();
  }
}

function stuckMessage(silenceMs: number, lastWords: string): string {
  const seconds = Math.round(silenceMs / 1000);
  return `the preparation of the package was stuck: it was ended after ${seconds} s without a sign of life (${lastWords}). A disk or network folder that does not answer is the usual cause; try again with eascmd start`;
}

function readEvent(line: string): PrepareEvent | undefined {
  try {
    return JSON.parse(line) as PrepareEvent;
  } catch {
    return undefined;
  }
}
