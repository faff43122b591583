/** The rate shown is that of the last seconds. */
const WINDOW_MS = 10_000;
const SAMPLE_MS = 100;

/** Bytes per second over a sliding window. */
export class Meter {
  private readonly samples: { at: number; bytes: number }[];

  constructor(startMs: number) {
    this.samples = [{ at: startMs, bytes: 0 }];
  }

  /** `bytes` is the sum since the start. */
  add(at: number, bytes: number): void {
    const { samples } = this;
    if (at - samples.at(-1)!.at >= SAMPLE_MS) samples.push({ at, bytes });
    while (samples.length > 2 && at - samples[1]!.at > WINDOW_MS) samples.shift();
  }

  bytesPerSecond(): number {
    const first = this.samples[0]!;
    const last = this.samples.at(-1)!;
    return last.at > first.at ? Math.max(0, ((last.bytes - first.bytes) * 1000) / (last.at - first.at)) : 0;
  }
}
