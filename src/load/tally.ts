import type { AgentSecond } from '../core/benchmark/agent.ts';
import { Histogram } from '../core/benchmark/histogram.ts';
import { NO_ANSWER } from '../core/benchmark/report.ts';

/** How one request ended; `status` is undefined without an answer. */
export interface Outcome {
  status: number | undefined;
  sentBytes: number;
  receivedBytes: number;
  us: number;
}

/** Counts the outcomes of one second. */
export class Tally {
  private codes: Record<string, number> = {};
  private sentBytes = 0;
  private receivedBytes = 0;
  private times = new Histogram();

  add({ status, sentBytes, receivedBytes, us }: Outcome): void {
    const code = status ?? NO_ANSWER;
    this.codes[code] = (this.codes[code] ?? 0) + 1;
    this.sentBytes += sentBytes;
    this.receivedBytes += receivedBytes;
    if (status !== undefined) this.times.add(us);
  }

  /** Everything since the last time, as the second `at` (seconds since the epoch). */
  take(at: number): AgentSecond {
    const { codes, sentBytes, receivedBytes, times } = this;
    this.codes = {};
    this.sentBytes = 0;
    this.receivedBytes = 0;
    this.times = new Histogram();
    return { at, codes, sentBytes, receivedBytes, times: times.pack() };
  }
}
