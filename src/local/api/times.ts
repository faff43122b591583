import { invalid } from './error.ts';

/** `StartTime` and `EndTime` of logs and events: `YYYY-MM-DD HH:MM:SS` in UTC, as RFC 3339. */
export function utcTime(text: string | undefined, name: string): string | undefined {
  if (text === undefined) return undefined;
  const time = `${text.replace(' ', 'T')}Z`;
  if (!/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text) || Number.isNaN(Date.parse(time)))
    throw invalid(`${name} must be YYYY-MM-DD HH:MM:SS in UTC, not ${text}`);
  return time;
}

/** The same in milliseconds since the epoch. */
export function utcMs(text: string | undefined, name: string): number | undefined {
  const time = utcTime(text, name);
  return time === undefined ? undefined : Date.parse(time);
}
