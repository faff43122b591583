import { usageError } from '../errors.ts';
import { parseDuration } from './duration.ts';

/**
 * A moment as people write it, in milliseconds since the epoch: `10m` (so long ago), RFC 3339, or
 * `2026-11-22 16:30:00` on the clock of this machine, as output shows times. Throws a usage error that names the option.
 */
export function parseMoment(text: string, option: string, nowMs: number): number {
  if (/^\d+(\.\d+)?$/.test(text) || /^(\d+(\.\d+)?(ms|s|m|h))+$/.test(text))
    return nowMs - parseDuration(text, option);
  const isTime = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?$/.test(text);
  // A day alone is midnight here, not in Greenwich as the language has it.
  const at = isTime
    ? Date.parse(text.length === 10 ? `${text}T00:00:00` : text.replace(' ', 'T'))
    : Number.NaN;
  if (Number.isNaN(at))
    throw usageError(
      'InvalidMoment',
      `${option} ${JSON.stringify(text)} is neither a duration nor a time`,
      'write it like 10m, 1h30m, 2026-11-22, "2026-11-22 16:30:00" or 2026-11-22T08:30:00Z',
    );
  return at;
}

/** Times of requests (openapi.md section 0): `YYYY-MM-DD HH:MM:SS` in UTC. */
export function requestTime(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
}
