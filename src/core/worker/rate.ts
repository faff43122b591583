/** `rpc.rate_limit`: at most so many requests a second, refilled evenly; 0 is off. */
export class RateLimit {
  private tokens: number;
  private refilledAt = 0;

  constructor(private perSecond: number) {
    this.tokens = perSecond;
  }

  set(perSecond: number): void {
    this.perSecond = perSecond;
    this.tokens = Math.min(this.tokens, perSecond) || perSecond;
  }

  /** Whether one more request may pass at `nowMs` (any monotonic clock). */
  take(nowMs: number): boolean {
    if (this.perSecond === 0) return true;
    const gained = ((nowMs - this.refilledAt) / 1000) * this.perSecond;
    this.tokens = Math.min(this.perSecond, this.tokens + gained);
    this.refilledAt = nowMs;
    if (this.tokens < 1) return false;
    this.tokens--;
    return true;
  }
}
