import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { wallClock } from '../../ui/times.ts';

const CHUNK_BYTES = 256 * 1024;
/** The longest line shown; what a flood without line ends prints is cut into such pieces. */
const MAX_LINE_BYTES = 64 * 1024;

/** Reads an instance's log as it grows, also across the moment when the full file is moved to `<name>.1`. */
export class LogReader {
  private fd: number | undefined;
  private inode = 0;
  private readonly chunk = Buffer.alloc(CHUNK_BYTES);
  private rest: Buffer = Buffer.alloc(0);

  constructor(private readonly file: string) {}

  /** The next whole lines, at most about 256 KiB of them; none when everything was read. */
  next(): string[] {
    if (this.fd === undefined && !this.open()) return [];
    const read = readSync(this.fd!, this.chunk, 0, CHUNK_BYTES, null);
    if (read > 0) return this.cut(this.chunk.subarray(0, read));
    if (statSync(this.file, { throwIfNoEntry: false })?.ino === this.inode) return [];
    this.close();
    return this.open() ? this.next() : [];
  }

  /** What stands after the last line end. */
  last(): string[] {
    const line = this.rest.toString();
    this.rest = Buffer.alloc(0);
    return line === '' ? [] : [line];
  }

  close(): void {
    if (this.fd !== undefined) closeSync(this.fd);
    this.fd = undefined;
  }

  private open(): boolean {
    try {
      this.fd = openSync(this.file, 'r');
      this.inode = fstatSync(this.fd).ino;
      return true;
    } catch {
      return false;
    }
  }

  private cut(read: Buffer): string[] {
    const all = Buffer.concat([this.rest, read]);
    const lines: string[] = [];
    let start = 0;
    for (;;) {
      const end = all.indexOf(10, start);
      if (end < 0 && all.length - start < MAX_LINE_BYTES) break;
      const stop = end < 0 ? start + MAX_LINE_BYTES : end;
      lines.push(all.toString('utf8', start, stop).replace(/\r$/, ''));
      start = end < 0 ? stop : end + 1;
    }
    this.rest = Buffer.from(all.subarray(start));
    return lines;
  }
}

/** `[2019-07-09 17:56:22] [172.17.0.2] text` (eascmd.md 2.16), in local time. */
export function prefixed(text: string, address: string, atMs: number): string {
  return `[${wallClock(atMs)}] [${address}] ${text}`;
}

/** A line of the log with its prefix; the host's own lines bring their time and become `[INFO]` ones. */
export function logLine(line: string, address: string, nowMs: number): string {
  const own = /^\[(\d{4}-\d\d-\d\dT[\d:.]+Z)\] \[eascmd\] (.*)$/s.exec(line);
  return own ? prefixed(`[INFO] ${own[2]}`, address, Date.parse(own[1]!)) : prefixed(line, address, nowMs);
}
