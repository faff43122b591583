import type { Alternative, Route } from './routes.ts';

const GOLDEN_RATIO = 0.6180339887498949;

/** The n-th of a sequence in [0, 1) that fills the interval evenly at every length, so that weights hold early. */
export function evenDraw(n: number): number {
  return (n * GOLDEN_RATIO) % 1;
}

/**
 * The route that takes a request, given a draw in [0, 1). Alternatives without a ready instance or without weight
 * take none; undefined when nobody is left.
 */
export function chooseRoute(alternatives: Alternative[], draw: number): Route | undefined {
  let total = 0;
  for (const { route, weight } of alternatives) if (route.backends.length > 0) total += Math.max(weight, 0);
  let rest = draw * total;
  for (const { route, weight } of alternatives) {
    if (route.backends.length === 0 || weight <= 0) continue;
    if (rest < weight) return route;
    rest -= weight;
  }
  return undefined;
}

export interface Candidate {
  inFlight: number;
  /** Its last connection failed a moment ago: only for want of a better one. */
  isSuspect: boolean;
}

/** Least exchanges in flight; the one after `turn` wins a tie, which makes an idle service go round. -1 for none. */
export function chooseCandidate(candidates: (Candidate | undefined)[], turn: number): number {
  let best = -1;
  for (let step = 0; step < candidates.length; step++) {
    const at = (turn + step) % candidates.length;
    const candidate = candidates[at];
    if (candidate && (best < 0 || isBetter(candidate, candidates[best]!))) best = at;
  }
  return best;
}

function isBetter(candidate: Candidate, best: Candidate): boolean {
  if (candidate.isSuspect !== best.isSuspect) return best.isSuspect;
  return candidate.inFlight < best.inFlight;
}
