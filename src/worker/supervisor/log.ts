import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** The current file is moved to `<name>.1` when it has grown to this. */
export const MAX_LOG_BYTES = 64 * 1024 * 1024;
const TAIL_BYTES = 8 * 1024;

/**
 * The instance's log: what user code prints, byte for byte, and the host's own lines. Never larger than two files
 * of `maxBytes`, whatever user code prints; a full disk loses lines and nothing else.
 */
export class InstanceLog {
  private fd: number;
  private size: number;
  private tail = Buffer.alloc(0);

  constructor(
    private readonly file: string,
    private readonly maxBytes = MAX_LOG_BYTES,
  ) {
    mkdirSync(dirname(file), { recursive: true });
    this.fd = openSync(file, 'a', 0o600);
    this.size = fstatSync(this.fd).size;
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

  /** Forgets the output so far: a new start of the processor begins. */
  clearTail(): void {
    this.tail = Buffer.alloc(0);
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
  }

  private append(data: Uint8Array): void {
    try {
      if (this.size > 0 && this.size + data.byteLength > this.maxBytes) this.rotate();
      this.size += writeSync(this.fd, data);
    } catch {
      // Nobody is left to tell: the log is where this would stand.
    }
  }

  private rotate(): void {
    renameSync(this.file, `${this.file}.1`);
    const next = openSync(this.file, 'a', 0o600);
    closeSync(this.fd);
    this.fd = next;
    this.size = 0;
  }
}
