import { EasError } from '../errors.ts';
import { pollDelayMs, type Verdict } from './goal.ts';

export interface Clock {
  now(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** What a wait looks at, and for how long. `T` is a service or a task; undefined means that there is none. */
export interface Looking<T> {
  observe(): Promise<T | undefined>;
  judge(seen: T | undefined, elapsedMs: number): Verdict;
  /** Seen before the wait began. */
  before?: T;
  clock: Clock;
  timeoutMs: number;
  signal: AbortSignal;
  /** Called after each look. */
  onSeen(seen: T | undefined): void;
}

/** Four outcomes, told apart (design.md section 4, Waits). `last` is what was seen last. */
export interface LookOutcome<T> {
  kind: 'done' | 'failed' | 'timedOut' | 'interrupted';
  last: T | undefined;
}

/** A look may fail this many times in a row before the wait gives up: what is waited for goes on without us. */
const MAX_FAILED_LOOKS = 5;

/** Looks again and again until the verdict is in, time is over or the signal is aborted. */
export async function look<T>(options: Looking<T>): Promise<LookOutcome<T>> {
  const { clock, signal } = options;
  const startedAt = clock.now();
  let last = options.before;
  let failedLooks = 0;
  for (;;) {
    if (signal.aborted) return { kind: 'interrupted', last };
    try {
      const seen = await options.observe();
      failedLooks = 0;
      last = seen ?? last;
      options.onSeen(seen);
      const verdict = options.judge(seen, clock.now() - startedAt);
      if (verdict !== 'waiting') return { kind: verdict, last: seen };
    } catch (error) {
      if (signal.aborted) return { kind: 'interrupted', last };
      failedLooks++;
      if (!isPassing(error) || failedLooks >= MAX_FAILED_LOOKS) throw error;
    }
    const elapsedMs = clock.now() - startedAt;
    if (elapsedMs >= options.timeoutMs) return { kind: 'timedOut', last };
    await clock.sleep(Math.min(pollDelayMs(elapsedMs), options.timeoutMs - elapsedMs), signal);
  }
}

/** Worth another look: nothing was answered, or the server had trouble of its own. */
function isPassing(error: unknown): boolean {
  if (!(error instanceof EasError) || error.exit !== 1) return false;
  return error.status === undefined || error.status >= 500 || error.status === 429;
}
