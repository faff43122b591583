/** Longest pause between two starts of a processor that keeps failing. */
export const MAX_RESTART_DELAY_MS = 60_000;
const FIRST_RESTART_DELAY_MS = 500;
/** A processor that was ready for this long has proven itself: its next crash is the first again. */
export const STEADY_MS = 60_000;

export interface RestartInput {
  /** Failures in a row before this one. */
  failures: number;
  /** How long the processor was ready, 0 when it never was. */
  readyMs: number;
}

/** Back-off of a crashing processor: doubles from 0.5 s to a minute, starts over after a steady minute. */
export function nextRestart({ failures, readyMs }: RestartInput): { failures: number; delayMs: number } {
  const before = readyMs >= STEADY_MS ? 0 : failures;
  const delayMs = Math.min(FIRST_RESTART_DELAY_MS * 2 ** Math.min(before, 20), MAX_RESTART_DELAY_MS);
  return { failures: before + 1, delayMs };
}
