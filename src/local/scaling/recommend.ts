/** How far a metric may be off its threshold without any scaling (eascmd.md 3.7). */
export const TOLERANCE = 0.1;

/** Keeps rounding errors from deciding: 3 x (10 / 3) is 10. */
const EPSILON = 1e-9;

/** A metric for each instance, beside the value it should have. */
export interface Measure {
  value: number;
  threshold: number;
}

/** ceil(current x metric / threshold), the largest over all metrics, unless the metric is near enough. */
export function recommended(current: number, measures: Measure[], tolerance = TOLERANCE): number {
  if (measures.length === 0) return current;
  return Math.max(
    ...measures.map(({ value, threshold }) => {
      const ratio = value / threshold;
      if (Math.abs(ratio - 1) <= tolerance + EPSILON) return current;
      return Math.max(0, Math.ceil(current * ratio - EPSILON));
    }),
  );
}

export interface Recommendation {
  atMs: number;
  instances: number;
}

/**
 * Holds back hasty changes: up to the least that was recommended within the scale-up window, down to the most that
 * was recommended within the scale-down window, as Kubernetes does. `history` includes the newest recommendation.
 */
export function stabilized(
  current: number,
  history: Recommendation[],
  nowMs: number,
  windows: { upMs: number; downMs: number },
): number {
  const newest = history.at(-1)?.instances ?? current;
  const within = (ms: number) =>
    history.filter(({ atMs }) => nowMs - atMs <= ms).map(({ instances }) => instances);
  const up = Math.min(newest, ...within(windows.upMs));
  const down = Math.max(newest, ...within(windows.downMs));
  if (current < up) return up;
  return current > down ? down : current;
}

export interface Activity {
  /** Requests have come since the look before this one. */
  isBusy: boolean;
  /** Since the last request. */
  idleMs: number;
  graceMs: number;
  /** Instances to wake up with. */
  activation: number;
}

/**
 * The number within min and max. A service that may go to zero keeps one instance until it was idle for the grace
 * time, and wakes up as soon as there is a request.
 */
export function bounded(
  current: number,
  wanted: number,
  bounds: { min: number; max: number },
  activity: Activity,
): number {
  const { min, max } = bounds;
  if (min > 0) return Math.min(max, Math.max(min, wanted));
  if (current === 0) return activity.isBusy ? Math.min(max, activity.activation) : 0;
  if (wanted === 0) return !activity.isBusy && activity.idleMs >= activity.graceMs ? 0 : 1;
  return Math.min(max, wanted);
}
