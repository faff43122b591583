import type { Context } from '../../cli/context.ts';
import { EasError, ExitCode, usageError } from '../../core/errors.ts';
import { isNotFound } from '../watching/wait.ts';

const POLL_MS = 1_000;

/** `--follow` prints as it goes, which is not one JSON document. */
export function refuseJson({ isJson }: Context): void {
  if (isJson)
    throw usageError(
      'WrongUsage',
      '--follow prints lines as they come, not one JSON document',
      'leave out -f or -o json',
    );
}

/**
 * Looks again and again until a signal, or until the service is gone. The first look may fail for good; afterwards
 * trouble with the connection or the server is only noted, and the looks go on: what was missed meanwhile is in the
 * next one.
 */
export async function follow(context: Context, name: string, look: () => Promise<void>): Promise<void> {
  const { io, signal } = context;
  let isFirst = true;
  let isLost = false;
  while (!signal.aborted) {
    try {
      await look();
      if (isLost) context.note('[INFO] connected again');
      isLost = false;
    } catch (error) {
      if (signal.aborted) break;
      if (isNotFound(error) && !isFirst) return context.note(`[INFO] service [${name}] was deleted`);
      if (isFirst || !mayPass(error)) throw error;
      if (!isLost) context.note(`[WARN] ${(error as Error).message}; trying again until Ctrl-C`);
      isLost = true;
    }
    isFirst = false;
    await io.sleep(POLL_MS, signal);
  }
  throw signal.reason;
}

function mayPass(error: unknown): boolean {
  if (!(error instanceof EasError) || error.exit !== ExitCode.failed) return false;
  return error.status === undefined || error.status >= 500 || error.status === 429;
}
