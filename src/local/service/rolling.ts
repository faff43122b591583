import { invalid } from '../api/error.ts';
import type { Config } from './spec.ts';
import { lookup } from './values.ts';

/**
 * `rolling_strategy.max_surge` (default 2 %) and `max_unavailable` (0 on the public group): a count or a percentage
 * of the instances (serving.md e). Surge rounds up and unavailable down, as Kubernetes does; both zero would never
 * move, so surge is then 1.
 */
export function readRolling(
  metadata: Config,
  instances: number,
): { maxSurge: number; maxUnavailable: number } {
  const surge = Math.ceil(share(metadata, 'rolling_strategy.max_surge', '2%', instances));
  const maxUnavailable = Math.floor(share(metadata, 'rolling_strategy.max_unavailable', 0, instances));
  return { maxSurge: surge === 0 && maxUnavailable === 0 ? 1 : surge, maxUnavailable };
}

function share(metadata: Config, path: string, fallback: number | string, instances: number): number {
  const value = lookup(metadata, path) ?? fallback;
  const text = String(value).trim();
  const match = /^(\d+)(%?)$/.exec(text);
  if (!match) throw invalid(`metadata.${path} must be a count or a percentage, not ${JSON.stringify(value)}`);
  return match[2] ? (Number(match[1]) * instances) / 100 : Number(match[1]);
}
