const MINUTE_MS = 60_000;
/** Zones change at quarters of an hour at the earliest. */
const QUARTER_MS = 15 * MINUTE_MS;
const offsets = new Map<number, number>();

/**
 * `2019-02-21T08:35:41Z` as `2019-02-21 16:35:41` of the local zone (eascmd.md 2.1); other text stays as it is. A
 * long list has twenty thousand of them, so the zone is asked once for each quarter of an hour.
 */
export function localTime(rfc3339: string | undefined): string {
  if (!rfc3339) return '';
  const at = Date.parse(rfc3339);
  if (Number.isNaN(at)) return rfc3339;
  const shifted = new Date(at - offsetMs(at)).toISOString();
  return `${shifted.slice(0, 10)} ${shifted.slice(11, 19)}`;
}

function offsetMs(at: number): number {
  const quarter = Math.floor(at / QUARTER_MS);
  let offset = offsets.get(quarter);
  if (offset === undefined) {
    offset = new Date(at).getTimezoneOffset() * MINUTE_MS;
    if (offsets.size > 1000) offsets.clear();
    offsets.set(quarter, offset);
  }
  return offset;
}
