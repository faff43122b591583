import { zoneOffsetMs } from './zone.ts';

/** Zones change at quarters of an hour at the earliest. */
const QUARTER_MS = 15 * 60_000;
const offsets = new Map<number, number>();

/** `2019-02-21T08:35:41Z` as `2019-02-21 16:35:41` of the local zone (eascmd.md 2.1); other text stays as it is. */
export function localTime(rfc3339: string | undefined): string {
  if (!rfc3339) return '';
  const at = Date.parse(rfc3339);
  return Number.isNaN(at) ? rfc3339 : wallClock(at);
}

/** A moment as `2019-02-21 16:35:41` of the local zone. */
export function wallClock(atMs: number): string {
  const shifted = new Date(atMs + offsetMs(atMs)).toISOString();
  return `${shifted.slice(0, 10)} ${shifted.slice(11, 19)}`;
}

/** A long list has twenty thousand times, so the zone is asked once for each quarter of an hour. */
function offsetMs(at: number): number {
  const quarter = Math.floor(at / QUARTER_MS);
  let offset = offsets.get(quarter);
  if (offset === undefined) {
    offset = zoneOffsetMs(at);
    if (offsets.size > 1000) offsets.clear();
    offsets.set(quarter, offset);
  }
  return offset;
}
