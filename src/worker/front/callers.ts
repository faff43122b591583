import type { Dispatcher } from '../queue/dispatcher.ts';
import type { Job } from '../queue/job.ts';

const LOOK_MS = 100;

/**
 * Takes jobs out of the queue whose callers went away. A listener for each request that has to wait costs as much as
 * a third of what it takes to answer it, and most wait for a millisecond; so the first look comes a little later.
 */
export class Callers {
  private fresh: [request: Request, job: Job][] = [];
  private isDue = false;

  constructor(private readonly dispatcher: Dispatcher) {}

  watch(request: Request, job: Job): void {
    this.fresh.push([request, job]);
    if (this.isDue) return;
    this.isDue = true;
    setTimeout(this.look, LOOK_MS);
  }

  private readonly look = () => {
    this.isDue = false;
    const all = this.fresh;
    this.fresh = [];
    for (const [{ signal }, job] of all.filter(([, { state }]) => state === 'waiting')) {
      const leave = () => this.dispatcher.abandon(job);
      if (signal.aborted) leave();
      else signal.addEventListener('abort', leave, { once: true });
    }
  };
}
