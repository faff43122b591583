import { type Refusal, refuse } from './verdict.ts';

/** How far a request's own time may be from ours, either way; 15 minutes is the gateway's usual window (openapi.md 2.1 f). */
export const CLOCK_SKEW_MS = 15 * 60 * 1000;

/** Refuses a time that cannot be read, or that is more than `CLOCK_SKEW_MS` away from `nowMs`. */
export function checkClock(name: string, value: string, nowMs: number): Refusal | undefined {
  const sentMs = Date.parse(value);
  if (Number.isNaN(sentMs))
    return refuse(
      'InvalidTimeStamp.Format',
      `Specified time stamp or date value is not well formatted: ${name}.`,
    );
  if (Math.abs(nowMs - sentMs) <= CLOCK_SKEW_MS) return undefined;
  return refuse(
    'InvalidTimeStamp.Expired',
    `Specified time stamp or date value is expired: ${name} is ${value}, the time here is ${new Date(nowMs).toISOString()}.`,
  );
}
