import type { Service } from '../service/model.ts';
import { type Goal, judge, looksOld, STALE_MS } from './goal.ts';
import { type Looking, look } from './look.ts';

export type { Clock } from './look.ts';

export interface Watch extends Omit<Looking<Service>, 'judge'> {
  goal: Goal;
}

/** Four outcomes, told apart (design.md section 4, Waits). `service` is what was seen last. */
export interface WaitOutcome {
  kind: 'done' | 'failed' | 'timedOut' | 'interrupted';
  service: Service | undefined;
}

/** Looks at a service until the goal is reached, it failed, time is over or the signal is aborted. */
export async function watch({ goal, ...looking }: Watch): Promise<WaitOutcome> {
  const met = new Set<string>();
  const { kind, last } = await look({
    ...looking,
    judge(service, elapsedMs) {
      if (service) met.add(service.Status);
      const mayBeOld = met.size === 1 && elapsedMs < STALE_MS;
      return judge(goal, { service, isStale: mayBeOld && looksOld(looking.before, service), met });
    },
  });
  return { kind, service: last };
}
