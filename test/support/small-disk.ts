import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const FILLER = 'filler';

/** A disk in memory that is soon full. */
export class SmallDisk implements Disposable {
  private constructor(readonly path: string) {}

  static mount(megabytes: number): SmallDisk {
    const path = mkdtempSync(join(tmpdir(), 'small-'));
    const { status, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', path]);
    if (status === 0) return new SmallDisk(path);
    rmdirSync(path);
    throw new Error(`no small disk: ${stderr}`);
  }

  /** Leaves no room at all. */
  fill(): void {
    for (const bytes of [65_536, 1])
      try {
        for (;;) appendFileSync(join(this.path, FILLER), new Uint8Array(bytes));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      }
  }

  free(): void {
    rmSync(join(this.path, FILLER), { force: true });
  }

  [Symbol.dispose](): void {
    spawnSync('umount', ['-l', this.path]);
    rmdirSync(this.path);
  }
}

/** Why there can be none here. */
export function lacksSmallDisk(): string | undefined {
  if (process.platform !== 'linux') return 'only Linux has it';
  try {
    SmallDisk.mount(1)[Symbol.dispose]();
    return undefined;
  } catch {
    return 'no right to mount a small disk';
  }
}
