import type { Dispatcher } from '../queue/dispatcher.ts';
import type { Job } from '../queue/job.ts';

const LOOK_MS = 100;

/**
 * Takes jobs out of the queue whose callers went away. A listener costs 5 µs, and most requests that have to wait do
 * so for a millisecond: those that still wait at the next look get one.
 */
export class Callers {
  private fresh: [request: Request, job: Job, dispatcher: Dispatcher][] = [];
  private isDue = false;

  watch(request: Request, job: Job, dispatcher: Dispatcher): void {
    this.fresh.push([request, job, dispatcher]);
    if (this.isDue) return;
    this.isDue = true;
    setTimeout(this.look, LOOK_MS);
  }

  private readonly look = () => {
    this.isDue = false;
    const all = this.fresh;
    this.fresh = [];
    for (const [{ signal }, job, dispatcher] of all.filter(([, { state }]) => state === 'waiting')) {
      const leave = () => dispatcher.abandon(job);
      if (signal.aborted) leave();
      else signal.addEventListener('abort', leave, { once: true });
    }
  };
}
