import { appendFileSync, renameSync, statSync } from 'node:fs';

/** Appends timed lines to a file that never grows beyond twice `maxBytes`: the older half moves to `<path>.1`. */
export class BoundedLog {
  private size: number;

  constructor(
    private readonly path: string,
    private readonly maxBytes = 4 * 1024 * 1024,
  ) {
    this.size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  }

  readonly write = (line: string): void => {
    const text = `${new Date().toISOString()} ${line.replace(/[\r\n]+/g, ' ⏎ ')}\n`;
    try {
      if (this.size > this.maxBytes) {
        renameSync(this.path, `${this.path}.1`);
        this.size = 0;
      }
      appendFileSync(this.path, text, { mode: 0o600 });
      this.size += text.length;
    } catch {
      // A full disk must not end the daemon; the line is lost.
    }
  };
}
