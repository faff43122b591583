import type { Io } from './io.ts';
import { barLine, sizeText, timeText } from './progress-bar.ts';

const REDRAW_MS = 100;
/** Off a terminal: one line now and then, none for what is done before the first. */
const LINE_EVERY_MS = 5_000;
/** The rate shown is that of the last seconds. */
const WINDOW_MS = 10_000;

export interface TransferProgress {
  /** To be told how much of one file is there; bytes of an earlier try count as done, not towards the rate. */
  of(file: string): (doneBytes: number) => void;
  stop(): void;
}

/** Progress of several files together on stderr: a bar on a terminal, a line every few seconds elsewhere. */
export function startTransferProgress(
  { io, isLively }: { io: Io; isLively: boolean },
  totalBytes: number,
): TransferProgress {
  const done = new Map<string, number>();
  const isBar = isLively && io.stderr.isTty;
  const meter = new Meter(io.now());
  let shownAt = isBar ? Number.NEGATIVE_INFINITY : io.now();
  let isDrawn = false;
  let sum = 0;
  const show = () => {
    const now = io.now();
    meter.add(now, sum);
    if (now - shownAt < (isBar ? REDRAW_MS : LINE_EVERY_MS)) return;
    shownAt = now;
    isDrawn = true;
    if (isBar)
      io.stderr.write(`\r\x1b[2K${barLine(sum, totalBytes, meter.bytesPerSecond(), io.stderr.columns)}`);
    else io.stderr.write(`${progressLine(sum, totalBytes, meter.bytesPerSecond())}\n`);
  };
  return {
    of: (file) => (doneBytes) => {
      sum += doneBytes - (done.get(file) ?? 0);
      done.set(file, doneBytes);
      show();
    },
    stop() {
      if (isBar && isDrawn) io.stderr.write('\r\x1b[2K');
    },
  };
}

/** Bytes per second over a sliding window. */
class Meter {
  private readonly samples: { at: number; bytes: number }[];

  constructor(startMs: number) {
    this.samples = [{ at: startMs, bytes: 0 }];
  }

  add(at: number, bytes: number): void {
    const { samples } = this;
    if (at - samples.at(-1)!.at >= REDRAW_MS) samples.push({ at, bytes });
    while (samples.length > 2 && at - samples[1]!.at > WINDOW_MS) samples.shift();
  }

  bytesPerSecond(): number {
    const first = this.samples[0]!;
    const last = this.samples.at(-1)!;
    return last.at > first.at ? Math.max(0, ((last.bytes - first.bytes) * 1000) / (last.at - first.at)) : 0;
  }
}

/** e.g. `35% of 1.0 GB, 12.3 MB/s, 1m20s left`. */
export function progressLine(doneBytes: number, totalBytes: number, bytesPerSecond: number): string {
  const percent = totalBytes === 0 ? 100 : Math.floor((100 * Math.min(doneBytes, totalBytes)) / totalBytes);
  const left = timeText(totalBytes - doneBytes, bytesPerSecond);
  return `${percent}% of ${sizeText(totalBytes)}, ${sizeText(bytesPerSecond)}/s${left && `, ${left} left`}`;
}
