/** What one step of a test has shown. */
export interface Measure {
  qps: number;
  /** Milliseconds. */
  tp99: number;
  /** Part of the requests that were not answered with 2xx, 0 to 1. */
  faults: number;
}

export interface Limits {
  /** Longest TP99 in milliseconds. */
  maxRt?: number;
  maxQps?: number;
  faultTolerate: number;
  faultAction: 'stop' | 'revise';
}

/** What comes next; `end` says in `reason` why the test is over. */
export type Next<S> = { kind: 'go'; state: S } | { kind: 'end'; reason: string };

export interface ScanState {
  qps: number;
  /** The limit was met: the pressure rises no more. */
  isHeld: boolean;
}

/**
 * Mode scan: the rate rises by `growth` with each step until the service comes to maxRT or maxQPS, or answers with more
 * faults than tolerated; `revise` then goes one step back and stays there.
 */
export function scanStep(limits: Limits, growth: number, state: ScanState, seen: Measure): Next<ScanState> {
  const { maxRt, maxQps } = limits;
  if (seen.faults > limits.faultTolerate) {
    if (limits.faultAction === 'stop') return { kind: 'end', reason: faultReason(limits, seen) };
    return { kind: 'go', state: { qps: Math.max(1, state.qps - growth), isHeld: true } };
  }
  if (state.isHeld) return { kind: 'go', state };
  if (maxRt !== undefined && seen.tp99 > maxRt)
    return {
      kind: 'end',
      reason: `maxRT is reached at ${round(state.qps)} requests a second: TP99 is ${round(seen.tp99)} ms`,
    };
  if (maxQps !== undefined && state.qps >= maxQps)
    return { kind: 'end', reason: `maxQPS is reached: ${round(seen.qps)} requests a second were answered` };
  return { kind: 'go', state: { qps: Math.min(state.qps + growth, maxQps ?? Infinity), isHeld: false } };
}

export interface AutoState {
  connections: number;
  /** The pressure with the most answers so far, within the limits. */
  best?: { connections: number; qps: number };
  isHeld: boolean;
}

/** More answers than this count as a gain. */
const GAIN = 1.05;
const BACK = 0.75;

/**
 * Mode auto: connections are doubled as long as that brings more answers a second; then, or when TP99 or the faults pass
 * their limits, the best number so far is held, and lowered when even that turns out too much.
 */
export function autoStep(limits: Limits, most: number, state: AutoState, seen: Measure): Next<AutoState> {
  const hasFaults = seen.faults > limits.faultTolerate;
  if (hasFaults && limits.faultAction === 'stop') return { kind: 'end', reason: faultReason(limits, seen) };
  const { connections, best } = state;
  if (hasFaults || (limits.maxRt !== undefined && seen.tp99 > limits.maxRt)) {
    const less = Math.max(1, Math.floor(connections * BACK));
    return {
      kind: 'go',
      state: { connections: state.isHeld ? less : (best?.connections ?? less), best, isHeld: true },
    };
  }
  if (state.isHeld) return { kind: 'go', state };
  if (best && seen.qps < best.qps * GAIN)
    return { kind: 'go', state: { connections: best.connections, best, isHeld: true } };
  const found = { connections, qps: seen.qps };
  return {
    kind: 'go',
    state: { connections: Math.min(most, connections * 2), best: found, isHeld: connections >= most },
  };
}

/** Mode manual: the pressure is what the user says; faults end the test when they are to. */
export function manualStep(limits: Limits, seen: Measure): Next<undefined> {
  return seen.faults > limits.faultTolerate && limits.faultAction === 'stop'
    ? { kind: 'end', reason: faultReason(limits, seen) }
    : { kind: 'go', state: undefined };
}

function faultReason({ faultTolerate }: Limits, { faults }: Measure): string {
  return `${round(faults * 100)} % of the requests failed, ${round(faultTolerate * 100)} % are tolerated`;
}

const round = (value: number) => Math.round(value * 100) / 100;
