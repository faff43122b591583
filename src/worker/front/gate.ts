import { RateLimit } from '../../core/worker/rate.ts';
import type { WorkerLimits } from '../../core/worker/spec.ts';
import { Dispatcher } from '../queue/dispatcher.ts';
import type { Reply } from '../queue/job.ts';
import { replies } from '../queue/replies.ts';
import { replyHeaders } from './headers.ts';

/** What both ways in (HTTP and the gateway's link) share: limits, queue, and the headers of answers. */
export class Gate {
  readonly dispatcher: Dispatcher;
  headers: Record<string, string>;
  draining = false;
  private readonly rate: RateLimit;

  constructor(limits: WorkerLimits, defaultHeaders: string | undefined) {
    this.dispatcher = new Dispatcher(limits.maxQueueSize, limits.keepaliveMs);
    this.rate = new RateLimit(limits.rateLimit);
    this.headers = replyHeaders(defaultHeaders);
  }

  /** Properties may change all of this while the instance runs. */
  apply(limits: WorkerLimits, defaultHeaders: string | undefined): void {
    this.dispatcher.setLimits(limits.maxQueueSize, limits.keepaliveMs);
    this.rate.set(limits.rateLimit);
    this.headers = replyHeaders(defaultHeaders);
  }

  /** Why a request can't come in now, if so; the body needn't be read then. */
  refusal(): Reply | undefined {
    if (!this.rate.take(performance.now())) return replies.tooManyRequests;
    if (!this.dispatcher.isOpen) return replies.notReady;
    return undefined;
  }
}
