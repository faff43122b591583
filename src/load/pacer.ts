/** What could not be sent in time is made up for within this time, then forgotten: no burst follows a pause. */
const MEMORY_MS = 100;

/** Says when the next requests are due at an even rate. */
export class Pacer {
  private issued = 0;

  /** `startMs` is of any monotonic clock. */
  constructor(
    private readonly qps: number,
    private startMs: number,
  ) {}

  /** How many are due and were not taken yet. */
  due(nowMs: number): number {
    const all = Math.floor(((nowMs - this.startMs) / 1000) * this.qps);
    const most = Math.max(1, Math.ceil((this.qps * MEMORY_MS) / 1000));
    if (all - this.issued > most) this.issued = all - most;
    return all - this.issued;
  }

  take(): void {
    this.issued++;
  }
}
