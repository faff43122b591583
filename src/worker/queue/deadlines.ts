import type { Job } from './job.ts';

/**
 * Jobs in the order they began, and one timer for the oldest: since all share one time limit, no job needs a timer
 * of its own. The clock runs from the first byte (receive, queue and compute; serving.md (e)).
 */
export class Deadlines {
  private oldest: Job | undefined;
  private newest: Job | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  size = 0;

  constructor(
    public limitMs: number,
    private readonly onExpire: (job: Job) => void,
  ) {}

  add(job: Job): void {
    job.before = this.newest;
    if (this.newest) this.newest.after = job;
    else this.oldest = job;
    this.newest = job;
    this.size++;
    if (!this.timer) this.arm(this.limitMs);
  }

  remove(job: Job): void {
    if (job.before) job.before.after = job.after;
    else if (this.oldest === job) this.oldest = job.after;
    else return;
    if (job.after) job.after.before = job.before;
    else this.newest = job.before;
    job.before = undefined;
    job.after = undefined;
    this.size--;
  }

  setLimit(limitMs: number): void {
    this.limitMs = limitMs;
    if (this.timer) clearTimeout(this.timer);
    this.timer = undefined;
    this.check();
  }

  close(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = undefined;
  }

  private arm(delayMs: number): void {
    this.timer = setTimeout(() => this.check(), Math.min(Math.max(delayMs, 1), 0x7fff_ffff));
  }

  private check(): void {
    this.timer = undefined;
    const now = performance.now();
    for (let job = this.oldest; job; job = this.oldest) {
      const left = job.startedAt + this.limitMs - now;
      if (left > 0) {
        this.arm(left);
        return;
      }
      this.remove(job);
      this.onExpire(job);
    }
  }
}
