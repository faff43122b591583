import { rmSync, statSync, writeFileSync } from 'node:fs';
import { isDiskFull } from '../../data/disk-full.ts';

/** Room for the index to note that thousands of objects and parts are gone. */
const RESERVE_BYTES = 1024 * 1024;
/** Removed data files are gone by then (files/data.ts). */
const REFILL_MS = 15_000;

/** A file that only takes up room: given up when the disk is so full that nothing could be removed any more. */
export class Reserve {
  private refill: Timer | undefined;

  constructor(private readonly path: string) {
    this.take();
  }

  /** Runs a change that makes room, if need be with the room kept for it. */
  spend(change: () => void): void {
    try {
      change();
    } catch (error) {
      if (!isDiskFull(error)) throw error;
      rmSync(this.path, { force: true });
      clearTimeout(this.refill);
      this.refill = setTimeout(() => this.take(), REFILL_MS);
      this.refill.unref();
      change();
    }
  }

  close(): void {
    clearTimeout(this.refill);
  }

  private take(): void {
    if (statSync(this.path, { throwIfNoEntry: false })?.size === RESERVE_BYTES) return;
    try {
      writeFileSync(this.path, new Uint8Array(RESERVE_BYTES), { mode: 0o600 });
    } catch (error) {
      rmSync(this.path, { force: true });
      if (!isDiskFull(error)) throw error;
    }
  }
}
