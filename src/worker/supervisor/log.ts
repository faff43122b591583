import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { MARK_EVERY_MS, markLine, marksFile } from '../../core/worker/log-marks.ts';

/** The current file is moved to `<name>.1` when it has grown to this. */
export const MAX_LOG_BYTES = 64 * 1024 * 1024;
const TAIL_BYTES = 8 * 1024;

/**
 * The instance's log: what user code prints, byte for byte, and the host's own lines. Never larger than two files
 * of `maxBytes`, whatever user code prints; a full disk loses lines and nothing else.
 */
export class InstanceLog {
  private fd: number;
  private marksFd: number;
  private size: number;
  private marksSize: number;
  private markedAtMs = 0;
  private tail = Buffer.alloc(0);

  constructor(
    private readonly file: string,
    private readonly maxBytes = MAX_LOG_BYTES,
  ) {
    mkdirSync(dirname(file), { recursive: true });
    this.fd = openSync(file, 'a', 0o600);
    this.size = fstatSync(this.fd).size;
    this.marksFd = openSync(marksFile(file), 'a', 0o600);
    this.marksSize = fstatSync(this.marksFd).size;
  }

  /** A line of the host's own. */
  line(text: string): void {
    this.append(Buffer.from(`[${new Date().toISOString()}] [eascmd] ${text}\n`));
  }

  /** Output of user code; the last of it is kept for messages. */
  output(chunk: Uint8Array): void {
    this.append(chunk);
    const recent = chunk.byteLength > TAIL_BYTES ? chunk.subarray(chunk.byteLength - TAIL_BYTES) : chunk;
    this.tail = Buffer.concat([this.tail, recent]);
    if (this.tail.byteLength > 2 * TAIL_BYTES)
      this.tail = this.tail.subarray(this.tail.byteLength - TAIL_BYTES);
  }

  /** A new start of the processor begins; `lastLines` forgets what was printed before. */
  begin(): void {
    this.tail = Buffer.alloc(0);
    try {
      this.mark(Date.now(), true);
    } catch {
      // As in append.
    }
  }

  /** The last lines user code printed, oldest first. */
  lastLines(count: number): string[] {
    const lines = this.tail.toString('utf8').split('\n');
    return lines
      .map((line) => line.trimEnd())
      .filter((line) => line !== '')
      .slice(-count);
  }

  close(): void {
    closeSync(this.fd);
    closeSync(this.marksFd);
  }

  private append(data: Uint8Array): void {
    try {
      const isFull = this.size > 0 && this.size + data.byteLength > this.maxBytes;
      if (isFull || this.marksSize > this.maxBytes) this.rotate();
      const nowMs = Date.now();
      if (nowMs - this.markedAtMs >= MARK_EVERY_MS || nowMs < this.markedAtMs) this.mark(nowMs, false);
      this.size += writeSync(this.fd, data);
    } catch {
      // Nobody is left to tell: the log is where this would stand.
    }
  }

  private mark(atMs: number, isStart: boolean): void {
    // The process's own stderr goes to the same file, so its size is known to the file only.
    const line = markLine({ atMs, offset: fstatSync(this.fd).size, isStart });
    this.marksSize += writeSync(this.marksFd, line);
    this.markedAtMs = atMs;
  }

  private rotate(): void {
    this.fd = anew(this.file, `${this.file}.1`, this.fd);
    this.marksFd = anew(marksFile(this.file), marksFile(`${this.file}.1`), this.marksFd);
    this.size = 0;
    this.marksSize = 0;
    this.markedAtMs = 0;
  }
}

/** Moves the file away and opens it anew. */
function anew(file: string, away: string, fd: number): number {
  renameSync(file, away);
  const next = openSync(file, 'a', 0o600);
  closeSync(fd);
  return next;
}
