import type { Instances } from './instances.ts';

const SWEEP_MS = 100;

/**
 * The gateway's clock, in sweeps of 100 ms, ticking while exchanges are under way. One pass over what is old costs
 * less than a timer and an abort listener for each request.
 */
export class Sweeper {
  now = 0;
  private timer: Timer | undefined;

  constructor(
    private readonly instances: Instances,
    private readonly timeoutMs: number,
  ) {}

  start(): void {
    this.timer ??= setInterval(() => this.tick(), SWEEP_MS);
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private tick(): void {
    this.now++;
    if (this.instances.sweep(this.now, this.timeoutMs / SWEEP_MS) === 0) this.stop();
  }
}
