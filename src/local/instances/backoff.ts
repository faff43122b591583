export interface Backoff {
  firstMs: number;
  mostMs: number;
  /** An instance that was ready for this long has proven itself: its next failure is the first again. */
  steadyMs: number;
}

export const defaultBackoff: Backoff = { firstMs: 500, mostMs: 60_000, steadyMs: 10_000 };

/** Pause before the start that follows the `failures`-th failure in a row. */
export function pauseMs(failures: number, backoff: Backoff): number {
  return Math.min(backoff.firstMs * 2 ** Math.min(Math.max(failures - 1, 0), 20), backoff.mostMs);
}

/** Failures in a row after one more, given how long the instance had been ready. */
export function nextFailures(before: number, readyForMs: number, backoff: Backoff): number {
  return readyForMs >= backoff.steadyMs ? 1 : before + 1;
}
