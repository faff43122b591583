import type { Seen, Wanted } from './plan.ts';

/** After so many failures in a row an instance counts as failing; it is tried on all the same, with longer pauses. */
export const FAILING_AFTER = 3;

export interface SeenInstance extends Seen {
  failures: number;
  isBlocked: boolean;
  message: string;
}

export interface Verdict {
  status: string;
  message?: string;
}

/**
 * Status and message of a service that should run, after a step of the lifecycle. The order of statuses is that of
 * eascmd.md 2.4: a build phase, Waiting, Running. Kubernetes would wait for ever on an instance that never comes
 * up; a service whose missing instances all fail is called Failed here, so that whoever waits is told.
 */
export function verdict(before: string, wanted: Wanted, instances: SeenInstance[]): Verdict {
  const alive = instances.filter(({ phase }) => phase !== 'draining' && phase !== 'gone');
  const ready = alive.filter(({ phase }) => phase === 'ready');
  const current = alive.filter(({ template }) => template === wanted.template);
  const absent = current.filter(({ phase }) => phase !== 'ready');
  const isComplete = current.length === wanted.instances && alive.length === current.length;
  if (isComplete && absent.length === 0) return { status: 'Running', message: 'Service start successfully' };

  const failing = absent.filter(({ failures, isBlocked }) => isBlocked || failures >= FAILING_AFTER);
  const worst = failing[0];
  const isServing = before === 'Running' && isComplete && ready.length > 0;
  if (worst && failing.length === absent.length && !isServing) {
    const others = ready.length > 0 ? `; ${ready.length} other instance(s) keep serving` : '';
    return {
      status: 'Failed',
      message: `Instance [${worst.name}] failed ${times(worst.failures)}: ${worst.message}${others}`,
    };
  }
  if (before === 'Running')
    return ready.length > 0 ? { status: before } : { status: 'Waiting', message: 'No instance is ready' };
  if (before === 'Creating' || before === 'Starting') return { status: 'Waiting' };
  return { status: before };
}

const times = (count: number) => (count === 1 ? 'once' : `${count} times`);
