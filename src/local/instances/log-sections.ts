import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { type LogMark, MARK_EVERY_MS, marksFile, parseMarks } from '../../core/worker/log-marks.ts';
import type { LogSection } from './log-page.ts';

/** Milliseconds since the epoch, both ends included, in whole seconds as the API has them. */
export interface LogWindow {
  fromMs?: number;
  toMs?: number;
}

const SECOND_MS = 1000;
const CHUNK_BYTES = 64 * 1024;

/** The part of a log that was printed within the window. A log without marks counts as printed at its last change. */
export function sectionWithin(path: string, { fromMs, toMs }: LogWindow): LogSection {
  const whole = { path, from: 0 };
  if (fromMs === undefined && toMs === undefined) return whole;
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return whole;
  const marks = marksOf(path);
  const printed = marks.length > 0 ? marks : [{ atMs: stat.mtimeMs, offset: 0, isStart: false }];
  // What stands after a mark may be up to a second younger than the mark says.
  const first =
    fromMs === undefined ? 0 : offsetOf(printed, (mark) => mark.atMs > fromMs - MARK_EVERY_MS, stat.size);
  const end =
    toMs === undefined ? undefined : offsetOf(printed, (mark) => mark.atMs >= toMs + SECOND_MS, stat.size);
  const from = lineStart(path, first, stat.size);
  return { path, from, to: end === undefined ? undefined : Math.max(from, lineStart(path, end, stat.size)) };
}

/** What an instance that was restarted printed before its last start; `paths` are its files, oldest first. */
export function sectionsBeforeLastStart(paths: string[]): LogSection[] {
  const starts = paths.map((path) => marksOf(path).findLast((mark) => mark.isStart));
  const last = starts.findLastIndex((mark) => mark !== undefined);
  if (last < 0) return [];
  return paths
    .slice(0, last + 1)
    .map((path, index) => ({ path, from: 0, to: index === last ? starts[last]!.offset : undefined }));
}

/** The overlap of two sections of the same file. */
export function overlap(a: LogSection, b: LogSection): LogSection {
  const ends = [a.to, b.to].filter((end) => end !== undefined);
  return {
    path: a.path,
    from: Math.max(a.from, b.from),
    to: ends.length > 0 ? Math.min(...ends) : undefined,
  };
}

function offsetOf(marks: LogMark[], isWanted: (mark: LogMark) => boolean, none: number): number {
  return marks.find(isWanted)?.offset ?? none;
}

function marksOf(path: string): LogMark[] {
  try {
    return parseMarks(readFileSync(marksFile(path), 'utf8'));
  } catch {
    return [];
  }
}

/** The first offset from `at` on where a line begins: output comes in pieces that don't end where lines do. */
function lineStart(path: string, at: number, size: number): number {
  if (at <= 0 || at >= size) return Math.max(0, at);
  const file = openSync(path, 'r');
  try {
    const chunk = Buffer.alloc(CHUNK_BYTES);
    for (let from = at - 1; from < size; from += CHUNK_BYTES) {
      const length = readSync(file, chunk, 0, chunk.length, from);
      const end = chunk.subarray(0, length).indexOf(10);
      if (end >= 0) return from + end + 1;
    }
    return size;
  } finally {
    closeSync(file);
  }
}
