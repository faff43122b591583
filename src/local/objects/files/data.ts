import { closeSync, mkdirSync, openSync, readdirSync, rmSync, truncateSync } from 'node:fs';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** How long a replaced file stays readable for those who were just told its path. */
const LINGER_MS = 10_000;

/**
 * Data files: written once under a random name, unchanged once they are objects, forgotten when nothing in the index
 * names them.
 * `<dir>/<two hexadecimal digits>/<thirty-two of them>`.
 */
export class DataFiles {
  private readonly leaving = new Map<string, Timer>();

  constructor(private readonly dir: string) {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
  }

  path(file: string): string {
    return join(this.dir, file.slice(0, 2), file);
  }

  async create(): Promise<{ file: string; handle: FileHandle }> {
    const file = crypto.randomUUID().replaceAll('-', '');
    const path = this.path(file);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    return { file, handle: await open(path, 'wx', 0o600) };
  }

  /** The same at once, for those who may not be overtaken; returns its name. */
  createNow(): string {
    const file = crypto.randomUUID().replaceAll('-', '');
    const path = this.path(file);
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    closeSync(openSync(path, 'wx', 0o600));
    return file;
  }

  /** For writing into a file that is not whole yet. */
  reopen(file: string): Promise<FileHandle> {
    return open(this.path(file), 'r+');
  }

  /** Cuts a file to its final length. */
  finish(file: string, sizeBytes: number): void {
    truncateSync(this.path(file), sizeBytes);
  }

  /** Removes a file nobody has seen. */
  discard(file: string): void {
    rmSync(this.path(file), { force: true });
  }

  /** Removes a file a little later, for readers that have not opened it yet. */
  retire(file: string): void {
    const timer = setTimeout(() => {
      this.leaving.delete(file);
      this.discard(file);
    }, LINGER_MS);
    timer.unref();
    this.leaving.set(file, timer);
  }

  /** Removes what an earlier life left behind: uploads that were cut off, replaced files. Returns how many. */
  sweep(used: ReadonlySet<string>): number {
    let removed = 0;
    for (const folder of readdirSync(this.dir)) {
      for (const file of readdirSync(join(this.dir, folder))) {
        if (used.has(file)) continue;
        this.discard(file);
        removed++;
      }
    }
    return removed;
  }

  close(): void {
    for (const [file, timer] of this.leaving) {
      clearTimeout(timer);
      this.discard(file);
    }
    this.leaving.clear();
  }
}
