import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const CHUNK_BYTES = 256 * 1024;
/** A line longer than this is shown cut. */
const MAX_LINE_BYTES = 64 * 1024;

export interface LogQuery {
  /** Page 1 holds the newest lines. */
  pageNum: number;
  pageSize: number;
  /** Undefined takes every line. */
  accepts?: (line: string) => boolean;
}

export interface LogPage {
  /** Oldest first. */
  lines: string[];
  total: number;
}

/** A part of a log file, in bytes, that begins and ends where lines do. */
export interface LogSection {
  path: string;
  from: number;
  /** Undefined is the end of the file. */
  to?: number;
}

/**
 * One page of log files read one after the other (oldest first), without ever holding more than the wanted
 * page: files are read backwards, and lines beyond the page are only counted.
 */
export function readLogPage(sections: LogSection[], query: LogQuery): LogPage {
  const skip = (query.pageNum - 1) * query.pageSize;
  const lines: string[] = [];
  let total = 0;
  for (const section of [...sections].reverse()) {
    backwards(section, (line) => {
      const text =
        query.accepts || (total >= skip && lines.length < query.pageSize) ? decode(line) : undefined;
      if (query.accepts && !query.accepts(text!)) return;
      if (total >= skip && lines.length < query.pageSize) lines.push(text!);
      total++;
    });
  }
  return { lines: lines.reverse(), total };
}

/** Calls `onLine` with the bytes of each line, last line first. A missing file has no lines. */
function backwards({ path, from, to }: LogSection, onLine: (line: Buffer) => void): void {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return;
  }
  try {
    let end = Math.min(fstatSync(file).size, to ?? Number.POSITIVE_INFINITY);
    let rest: Buffer = Buffer.alloc(0);
    let isLast = true;
    while (end > from) {
      const start = Math.max(from, end - CHUNK_BYTES);
      const chunk = Buffer.alloc(end - start);
      readSync(file, chunk, 0, chunk.length, start);
      let tail = chunk.length;
      for (let at = chunk.lastIndexOf(10); at >= 0; at = at > 0 ? chunk.lastIndexOf(10, at - 1) : -1) {
        const line = join(chunk.subarray(at + 1, tail), rest);
        rest = Buffer.alloc(0);
        // The file ends with a line feed: what comes after it is no line.
        if (!(isLast && line.length === 0)) onLine(line);
        isLast = false;
        tail = at;
      }
      rest = join(chunk.subarray(0, tail), rest);
      end = start;
    }
    if (rest.length > 0 || !isLast) onLine(rest);
  } finally {
    closeSync(file);
  }
}

function join(head: Buffer, tail: Buffer): Buffer {
  const whole = tail.length === 0 ? head : Buffer.concat([head, tail]);
  return whole.length > MAX_LINE_BYTES ? Buffer.from(whole.subarray(0, MAX_LINE_BYTES)) : Buffer.from(whole);
}

const decode = (line: Buffer) => line.toString('utf8').replace(/\r$/, '');
