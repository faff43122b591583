import type { Dispatcher, Taker } from '../queue/dispatcher.ts';
import type { Job } from '../queue/job.ts';
import { replies } from '../queue/replies.ts';

const POLL_MS = 20;

/** A processor that answers HTTP itself: the official `allspark` on a loopback port. */
export class HttpTaker implements Taker {
  private closed = false;

  constructor(
    private readonly port: number,
    private readonly dispatcher: Dispatcher,
  ) {}

  /** Waits until the port takes connections; false when this taker was closed before. */
  async opened(): Promise<boolean> {
    while (!this.closed) {
      try {
        const socket = await Bun.connect({ hostname: '127.0.0.1', port: this.port, socket: { data() {} } });
        socket.end();
        return !this.closed;
      } catch {
        await Bun.sleep(POLL_MS);
      }
    }
    return false;
  }

  /** Takes up to `count` jobs at once. */
  offer(count: number): void {
    for (let at = 0; at < count; at++) this.dispatcher.freed(this);
  }

  take(job: Job): void {
    void this.run(job).then(() => {
      if (!this.closed) this.dispatcher.freed(this);
    });
  }

  close(): void {
    this.closed = true;
    this.dispatcher.removed(this);
  }

  private async run(job: Job): Promise<void> {
    const body = job.body;
    job.body = undefined;
    try {
      const response = await fetch(`http://127.0.0.1:${this.port}`, {
        method: 'POST',
        body,
        redirect: 'manual',
      });
      const answer = new Uint8Array(await response.arrayBuffer());
      this.dispatcher.finish(job, { status: response.status, body: answer });
    } catch {
      this.dispatcher.finish(job, replies.reset);
    }
  }
}
