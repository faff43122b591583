import { usageError } from '../core/errors.ts';
import type { Io } from './io.ts';

/** A pipe that stays open without an answer must not hang a job. */
const PIPED_ANSWER_MS = 10_000;

/**
 * Asks `question [Y/n]` on stderr. On a terminal Enter means yes; elsewhere the answer can be piped, and none at
 * all is a usage error (design.md section 4, Prompts).
 */
export async function confirm(io: Io, question: string, signal: AbortSignal): Promise<boolean> {
  for (let attempt = 0; attempt < 3; attempt++) {
    io.stderr.write(`${question} [Y/n] `);
    const line = (await answer(io, signal))?.trim().toLowerCase();
    if (!io.stdin.isTty) io.stderr.write('\n');
    if (line === 'y' || line === 'yes' || (line === '' && io.stdin.isTty)) return true;
    if (line === 'n' || line === 'no') return false;
    if (signal.aborted) return false;
    if (!io.stdin.isTty || line === undefined) break;
  }
  throw usageError(
    'ConfirmationRequired',
    'Nothing was done: the question was not answered with Y or n',
    'pipe the answer (echo Y | eascmd …) or pass --yes',
  );
}

async function answer(io: Io, signal: AbortSignal): Promise<string | undefined> {
  if (io.stdin.isTty) return io.stdin.readLine(signal);
  const over = new AbortController();
  const stop = () => over.abort();
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([
      io.stdin.readLine(over.signal),
      io.sleep(PIPED_ANSWER_MS, over.signal).then(() => undefined),
    ]);
  } finally {
    over.abort();
    signal.removeEventListener('abort', stop);
  }
}
