const QUIET_MS = 1000;

/**
 * Tells the instance's log of requests that were answered 408: nothing else shows a processor that hangs. At most one
 * line a second; the next one has what came meanwhile.
 */
export class TimeoutLog {
  private untold = 0;
  private toldAtMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly dispatcher: { overdue: number; keepaliveMs: number },
    private readonly log: (line: string) => void,
    private readonly now = () => performance.now(),
  ) {}

  timedOut(): void {
    this.untold++;
    if (this.now() - this.toldAtMs < QUIET_MS) return;
    const { overdue, keepaliveMs } = this.dispatcher;
    const busy = overdue === 0 ? '' : `; ${count(overdue, 'thread')} still busy with such requests`;
    this.log(`${count(this.untold, 'request')} over rpc.keepalive (${keepaliveMs} ms): answered 408${busy}`);
    this.untold = 0;
    this.toldAtMs = this.now();
  }
}

const count = (number: number, noun: string) => `${number} ${noun}${number === 1 ? '' : 's'}`;
