/** RFC 3339 in UTC with whole seconds, as in API replies (openapi.md section 0). */
export function apiTime(at: Date = new Date()): string {
  return `${at.toISOString().slice(0, 19)}Z`;
}

/** `YYYY-MM-DD HH:MM:SS` in UTC, as in events (openapi.md DescribeServiceEvent). */
export function eventTime(at: Date = new Date()): string {
  return at.toISOString().slice(0, 19).replace('T', ' ');
}

/** Digits of an image tag: `YYYYMMDDHHMMSS` in the zone the CLI prints times in, the machine's (eascmd.md 2.1). */
export function tagTime(at: Date = new Date()): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return [
    at.getFullYear(),
    ...[at.getMonth() + 1, at.getDate(), at.getHours(), at.getMinutes(), at.getSeconds()].map(two),
  ].join('');
}
