import type { Context } from '../../cli/context.ts';
import { LogReader, logLine } from './log-lines.ts';

const POLL_MS = 100;
/** Log printed after the end; what a flood left beyond it stays unread. */
const LAST_BYTES = 1024 * 1024;

/** Prints an instance's log with its prefix as it grows, no faster than stdout takes it, until `stop`. */
export class LogFollower {
  private readonly over = new AbortController();
  private readonly reader: LogReader;
  private readonly following: Promise<void>;

  constructor(
    private readonly context: Context,
    file: string,
    private readonly address: string,
  ) {
    this.reader = new LogReader(file);
    this.following = this.follow();
  }

  /** Prints what is there now, or a part of a flood. */
  catchUp(): void {
    this.show(this.reader.next());
  }

  /** Prints what is left, and lets go of the file. */
  async stop(): Promise<void> {
    this.over.abort();
    await this.following;
    this.reader.close();
  }

  private async follow(): Promise<void> {
    const { context, reader } = this;
    while (!this.over.signal.aborted) {
      const lines = reader.next();
      if (lines.length === 0) await context.io.sleep(POLL_MS, this.over.signal);
      else {
        this.show(lines);
        await context.io.flush();
      }
    }
    for (let left = LAST_BYTES; left > 0 && !context.signal.aborted; ) {
      const lines = reader.next();
      if (lines.length === 0) break;
      this.show(lines);
      left -= lines.reduce((bytes, line) => bytes + line.length + 1, 0);
    }
    this.show(reader.last());
  }

  private show(lines: string[]): void {
    const { context, address } = this;
    context.say(...lines.map((line) => logLine(line, address, context.io.now())));
  }
}
