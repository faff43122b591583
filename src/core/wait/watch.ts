import { EasError } from '../errors.ts';
import type { Service } from '../service/model.ts';
import { type Goal, judge, looksOld, pollDelayMs, STALE_MS } from './goal.ts';

export interface Clock {
  now(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface Watch {
  goal: Goal;
  /** The service before the change, when it existed. */
  before?: Service;
  observe(): Promise<Service | undefined>;
  clock: Clock;
  timeoutMs: number;
  signal: AbortSignal;
  /** Called after each look. */
  onSeen(service: Service | undefined): void;
}

/** Four outcomes, told apart (design.md section 4, Waits). `service` is what was seen last. */
export interface WaitOutcome {
  kind: 'done' | 'failed' | 'timedOut' | 'interrupted';
  service: Service | undefined;
}

/** A look may fail this many times in a row before the wait gives up: the deployment goes on without us. */
const MAX_FAILED_LOOKS = 5;

/** Looks at a service until the goal is reached, it failed, time is over or the signal is aborted. */
export async function watch(options: Watch): Promise<WaitOutcome> {
  const { clock, signal, goal } = options;
  const startedAt = clock.now();
  const met = new Set<string>();
  let last: Service | undefined = options.before;
  let failedLooks = 0;
  for (;;) {
    if (signal.aborted) return { kind: 'interrupted', service: last };
    try {
      const service = await options.observe();
      failedLooks = 0;
      last = service ?? last;
      if (service) met.add(service.Status);
      options.onSeen(service);
      const mayBeOld = met.size === 1 && clock.now() - startedAt < STALE_MS;
      const isStale = mayBeOld && looksOld(options.before, service);
      const verdict = judge(goal, { service, isStale, met });
      if (verdict !== 'waiting') return { kind: verdict, service };
    } catch (error) {
      if (signal.aborted) return { kind: 'interrupted', service: last };
      failedLooks++;
      if (!isPassing(error) || failedLooks >= MAX_FAILED_LOOKS) throw error;
    }
    const elapsedMs = clock.now() - startedAt;
    if (elapsedMs >= options.timeoutMs) return { kind: 'timedOut', service: last };
    await clock.sleep(Math.min(pollDelayMs(elapsedMs), options.timeoutMs - elapsedMs), signal);
  }
}

/** Worth another look: nothing was answered, or the server had trouble of its own. */
function isPassing(error: unknown): boolean {
  if (!(error instanceof EasError) || error.exit !== 1) return false;
  return error.status === undefined || error.status >= 500 || error.status === 429;
}
