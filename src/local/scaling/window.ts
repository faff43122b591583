interface Sample {
  atMs: number;
  total: number;
}

/** The rate of a growing count over the last while. */
export class RateWindow {
  private samples: Sample[] = [];

  constructor(
    private readonly lengthMs: number,
    /** Shorter spans say nothing about a rate. */
    private readonly leastMs: number,
  ) {}

  add(atMs: number, total: number): void {
    const last = this.samples.at(-1);
    // The count began anew, with another process say.
    if (last && total < last.total) this.samples = [];
    this.samples.push({ atMs, total });
    while (this.samples.length > 2 && atMs - this.samples[1]!.atMs >= this.lengthMs) this.samples.shift();
  }

  /** Per second; undefined while too little is known. */
  rate(): number | undefined {
    const [first, last] = [this.samples[0], this.samples.at(-1)];
    if (!first || !last || last.atMs - first.atMs < this.leastMs) return undefined;
    return ((last.total - first.total) * 1000) / (last.atMs - first.atMs);
  }
}
