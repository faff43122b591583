import type { Io } from './io.ts';

/** A bar with percentage and rate on stderr of a terminal; nothing elsewhere. */
export interface ProgressBar {
  update(doneBytes: number): void;
  stop(): void;
}

const CELLS = 30;
const REDRAW_MS = 100;

export function startProgressBar(io: Io, isLively: boolean, totalBytes: number): ProgressBar {
  if (!isLively || !io.stderr.isTty) return { update() {}, stop() {} };
  const startedAt = io.now();
  let drawnAt = Number.NEGATIVE_INFINITY;
  return {
    update(doneBytes) {
      const now = io.now();
      if (now - drawnAt < REDRAW_MS && doneBytes < totalBytes) return;
      drawnAt = now;
      io.stderr.write(`\r\x1b[2K${barLine(doneBytes, totalBytes, now - startedAt)}`);
    },
    stop() {
      if (drawnAt > Number.NEGATIVE_INFINITY) io.stderr.write('\r\x1b[2K');
    },
  };
}

/** e.g. `[=========                     ]  30%  3.0 MB/s`; the rate is that since the start. */
export function barLine(doneBytes: number, totalBytes: number, elapsedMs: number): string {
  const share = totalBytes === 0 ? 1 : Math.min(1, doneBytes / totalBytes);
  const filled = Math.floor(share * CELLS);
  const percent = String(Math.floor(share * 100)).padStart(3);
  const megabytesPerSecond = elapsedMs > 0 ? doneBytes / 1000 / elapsedMs : 0;
  return `[${'='.repeat(filled)}${' '.repeat(CELLS - filled)}] ${percent}%  ${megabytesPerSecond.toFixed(1)} MB/s`;
}
