/**
 * What user code prints carries no time, so the host keeps a file of marks beside each log: one line a mark,
 * `<milliseconds since the epoch> <offset in the log>`, followed by ` start` when the processor was started there.
 * There is at most one mark a second, and none while nothing is printed: what stands between two marks was
 * printed within a second of the first.
 */
export interface LogMark {
  atMs: number;
  offset: number;
  isStart: boolean;
}

export const MARK_EVERY_MS = 1000;

/** The marks of a log file, wherever that is moved: `x.log` has `x.log.marks`, `x.log.1` has `x.log.1.marks`. */
export const marksFile = (logFile: string) => `${logFile}.marks`;

export const markLine = ({ atMs, offset, isStart }: LogMark) =>
  `${atMs} ${offset}${isStart ? ' start' : ''}\n`;

/** Lines that are none (the last one may be cut by a crash) are left out. */
export function parseMarks(text: string): LogMark[] {
  return [...text.matchAll(/^(\d+) (\d+)( start)?\n/gm)].map(([, atMs, offset, start]) => ({
    atMs: Number(atMs),
    offset: Number(offset),
    isStart: start !== undefined,
  }));
}
