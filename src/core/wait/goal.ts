import type { Service } from '../service/model.ts';
import { isFailed } from '../states.ts';

/**
 * What a wait is for.
 * - running: the service runs (and `reached`, when given, holds)
 * - stopped: it is stopped
 * - deleted: it is gone
 * - settled: it changes no more, whatever it has become
 */
export interface Goal {
  kind: 'running' | 'stopped' | 'deleted' | 'settled';
  reached?: (service: Service) => boolean;
}

/** One look at the service; `service` is undefined when the API says there is none. */
export interface Sight {
  service: Service | undefined;
  /** Still exactly as before the change that is waited for: the answer may be older than the change. */
  isStale: boolean;
  /** Statuses met so far in this wait, this one included. */
  met: ReadonlySet<string>;
}

export type Verdict = 'waiting' | 'done' | 'failed';

/** The truth table of waiting (test/unit/wait.test.ts). */
export function judge(goal: Goal, sight: Sight): Verdict {
  const { service, isStale, met } = sight;
  if (!service) return goal.kind === 'deleted' || wasDeleting(goal, met) ? 'done' : 'failed';
  const status = service.Status;
  if (goal.kind === 'deleted') return verdictOnDelete(status);
  if (isStale && !goal.reached) return 'waiting';
  if (isFailed(status)) return isStale ? 'waiting' : 'failed';
  if (goal.kind === 'settled')
    return ['Running', 'Stopped', 'Complete'].includes(status) ? 'done' : 'waiting';
  if (goal.kind === 'stopped') return status === 'Stopped' ? 'done' : 'waiting';
  if (status === 'Complete') return 'done';
  if (status === 'Running') return !goal.reached || goal.reached(service) ? 'done' : 'waiting';
  if (status === 'Stopped' || status === 'Deleting') return isStale ? 'waiting' : 'failed';
  return 'waiting';
}

function verdictOnDelete(status: string): Verdict {
  if (status === 'Deleted') return 'done';
  return status === 'DeleteFailed' ? 'failed' : 'waiting';
}

function wasDeleting(goal: Goal, met: ReadonlySet<string>): boolean {
  return goal.kind === 'settled' && met.has('Deleting');
}

/** Time to the next look: short at first, because a laptop is quick; then the vendor SDK's 3 s. */
export function pollDelayMs(elapsedMs: number): number {
  if (elapsedMs < 3_000) return 200;
  return elapsedMs < 15_000 ? 1_000 : 3_000;
}

/** How long an unchanged answer is taken for an old one; afterwards the state is believed. */
export const STALE_MS = 10_000;

/** True while `now` may show nothing yet of a change made after `before` was read. */
export function looksOld(before: Service | undefined, now: Service | undefined): boolean {
  if (!before || !now || before.Status !== now.Status) return false;
  if (isFailed(now.Status) || now.Status === 'Stopped') return true;
  const facts = (service: Service) =>
    [
      service.UpdateTime,
      service.CurrentVersion,
      service.LatestVersion,
      service.TotalInstance,
      service.Message,
    ].join('\n');
  return facts(before) === facts(now);
}
