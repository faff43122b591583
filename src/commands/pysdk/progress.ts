import type { Io } from '../../ui/io.ts';
import { type ProgressBar, startProgressBar } from '../../ui/progress-bar.ts';

export interface PackProgress {
  update: (doneBytes: number, totalBytes: number) => void;
  stop: () => void;
}

const LINE_EVERY_MS = 5_000;

/** A bar on a terminal, a line every few seconds elsewhere. */
export function startPackProgress(io: Io, isLively: boolean): PackProgress {
  let bar: ProgressBar | undefined;
  let saidAt = io.now();
  return {
    update(doneBytes, totalBytes) {
      if (isLively) {
        bar ??= startProgressBar(io, isLively, totalBytes);
        return bar.update(doneBytes);
      }
      if (io.now() - saidAt < LINE_EVERY_MS) return;
      saidAt = io.now();
      const percent = Math.floor((doneBytes / Math.max(totalBytes, 1)) * 100);
      io.stderr.write(`[PYSDK] ${percent}% of ${Math.round(totalBytes / 1e6)} MB packed\n`);
    },
    stop: () => bar?.stop(),
  };
}
