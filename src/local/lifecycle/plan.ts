import type { InstancePhase } from '../instances/instance.ts';

/** What a service should look like. A template is `version.revision`: instances of another template are replaced. */
export interface Wanted {
  instances: number;
  template: string;
  /** The workspace of the wanted version is laid out. */
  isPackageReady: boolean;
  maxSurge: number;
  maxUnavailable: number;
}

export interface Seen {
  name: string;
  template: string;
  phase: InstancePhase;
}

export interface Plan {
  /** Instances of the wanted template to start. */
  start: number;
  /** Names to take out of traffic and end. */
  drain: string[];
}

/**
 * The next step towards what is wanted. A rolling update starts new instances first, within maxSurge, and drains an
 * old one only when enough others are ready, so requests always find someone (serving.md e, rolling_strategy).
 */
export function plan(wanted: Wanted, seen: Seen[]): Plan {
  const alive = seen.filter(({ phase }) => phase !== 'draining' && phase !== 'gone');
  if (wanted.instances === 0) return { start: 0, drain: names(alive) };
  const current = alive.filter(({ template }) => template === wanted.template);
  const old = alive.filter(({ template }) => template !== wanted.template);
  const surplus = leaveFirst(current).slice(0, Math.max(0, current.length - wanted.instances));
  if (!wanted.isPackageReady) return { start: 0, drain: names(surplus) };
  if (old.length === 0)
    return { start: Math.max(0, wanted.instances - current.length), drain: names(surplus) };

  const readyNow = alive.filter(isReady).length - surplus.filter(isReady).length;
  const readyCurrent = current.filter(isReady).length;
  // An old instance that doesn't work (it may only be coming back after a restart of Local EAS) leaves when a new
  // one stands in its place; one that works leaves when enough others do.
  const unneeded = Math.max(0, old.length - Math.max(0, wanted.instances - readyCurrent));
  const idle = old.filter((instance) => !isReady(instance)).slice(0, unneeded);
  const spare = Math.max(0, readyNow - (wanted.instances - wanted.maxUnavailable));
  const replaced = [...idle, ...old.filter(isReady).slice(0, spare)];
  const room = wanted.instances + wanted.maxSurge - (alive.length - replaced.length - surplus.length);
  const missing = wanted.instances - current.length;
  return { start: Math.max(0, Math.min(room, missing)), drain: names([...surplus, ...replaced]) };
}

/** Who goes first when there are too many: those that don't work, then the youngest. */
function leaveFirst(instances: Seen[]): Seen[] {
  return [...instances].reverse().sort((a, b) => Number(isReady(a)) - Number(isReady(b)));
}

const isReady = ({ phase }: Seen) => phase === 'ready';
const names = (instances: Seen[]) => instances.map(({ name }) => name);
