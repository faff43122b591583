import type { Io } from './io.ts';
import { Meter } from './meter.ts';
import { progressLine, startProgressBar } from './progress-bar.ts';

/** Off a terminal: a line now and then, none for what is done before the first. */
const LINE_EVERY_MS = 5_000;

export interface TransferProgress {
  /** To be told how many bytes of one file are there, and how many of them had been before. */
  of(file: string): (doneBytes: number, totalBytes: number, sparedBytes: number) => void;
  stop(): void;
}

/** Progress of several files together on stderr: a bar on a terminal, a line every few seconds elsewhere. */
export function startTransferProgress(
  { io, isLively }: { io: Io; isLively: boolean },
  totalBytes: number,
): TransferProgress {
  const files = new Map<string, { done: number; spared: number }>();
  const shown =
    isLively && io.stderr.isTty ? startProgressBar(io, isLively, totalBytes) : lines(io, totalBytes);
  const sum = { done: 0, spared: 0 };
  return {
    of: (file) => (done, _totalBytes, spared) => {
      const before = files.get(file) ?? { done: 0, spared: 0 };
      sum.done += done - before.done;
      sum.spared += spared - before.spared;
      files.set(file, { done, spared });
      shown.update(sum.done, sum.spared);
    },
    stop: shown.stop,
  };
}

function lines(io: Io, totalBytes: number) {
  const meter = new Meter(io.now());
  let saidAt = io.now();
  return {
    update(doneBytes: number, sparedBytes: number) {
      const now = io.now();
      meter.add(now, doneBytes - sparedBytes);
      if (now - saidAt < LINE_EVERY_MS) return;
      saidAt = now;
      io.stderr.write(`${progressLine(doneBytes, totalBytes, meter.bytesPerSecond())}\n`);
    },
    stop() {},
  };
}
