import { Deadlines } from './deadlines.ts';
import { Job, type Reply } from './job.ts';
import { replies } from './replies.ts';

/** Something that takes jobs: one connection of user code. It calls `Dispatcher.freed` when it can take one more. */
export interface Taker {
  take(job: Job): void;
}

export interface Counters {
  requests: number;
  inFlight: number;
  queued: number;
}

/**
 * The bounded queue of an instance (serving.md (e)): a job goes to a free taker at once, else it waits in a FIFO of
 * `maxQueueSize`, else it is answered 450. Jobs over the time limit are answered 408 wherever they are; the thread
 * that computes one stays taken until it answers.
 */
export class Dispatcher {
  private readonly idle: Taker[] = [];
  private readonly waiting: Job[] = [];
  private waitingHead = 0;
  private waitingCount = 0;
  private readonly deadlines: Deadlines;
  private requests = 0;
  private onIdle: (() => void) | undefined;
  private running = 0;
  private onNoneRuns: (() => void) | undefined;
  /** Jobs answered 408 that a thread still computes, for nobody. */
  overdue = 0;
  /** Called after each 408. */
  onTimeout: (() => void) | undefined;
  ready = false;
  /** There is no processor for a moment; jobs wait for the next one instead of being refused. */
  isHolding = false;
  /** The takers that are there are about to go: they get no more jobs. */
  isDraining = false;

  constructor(
    private maxQueueSize: number,
    keepaliveMs: number,
  ) {
    this.deadlines = new Deadlines(keepaliveMs, (job) => {
      if (job.state === 'waiting') this.waitingCount--;
      const isRunning = job.state === 'running';
      this.finish(job, replies.timeout);
      if (isRunning) {
        job.isOverdue = true;
        this.overdue++;
      }
      this.onTimeout?.();
    });
  }

  get keepaliveMs(): number {
    return this.deadlines.limitMs;
  }

  get isOpen(): boolean {
    return this.ready || this.isHolding;
  }

  /** Lets everything that comes wait until takers come that replace the present ones. */
  hold(): void {
    this.ready = false;
    this.isHolding = true;
    this.isDraining = true;
    this.idle.length = 0;
  }

  setLimits(maxQueueSize: number, keepaliveMs: number): void {
    this.maxQueueSize = maxQueueSize;
    this.deadlines.setLimit(keepaliveMs);
  }

  /** Starts the clock of a request whose body may still be on its way. */
  begin(onReply: (reply: Reply) => void): Job {
    const job = new Job(performance.now(), onReply);
    this.requests++;
    this.deadlines.add(job);
    return job;
  }

  /** The body is here: run, wait or refuse. */
  submit(job: Job, body: Uint8Array): void {
    if (job.state !== 'receiving') return;
    if (!this.isOpen) {
      this.finish(job, replies.notReady);
      return;
    }
    job.body = body;
    const taker = this.nextIdle();
    if (taker) {
      this.run(job, taker);
    } else if (this.waitingCount < this.maxQueueSize) {
      job.state = 'waiting';
      this.waiting.push(job);
      this.waitingCount++;
    } else this.finish(job, replies.queueFull);
  }

  /** A request of the host's own, before anybody else's: it waits for no `ready`, has no time limit and isn't counted. */
  ahead(body: Uint8Array): Promise<Reply> {
    return new Promise((resolve) => {
      const job = new Job(performance.now(), resolve);
      job.body = body;
      const taker = this.nextIdle();
      if (taker) return this.run(job, taker);
      job.state = 'waiting';
      this.waiting.splice(this.waitingHead, 0, job);
      this.waitingCount++;
    });
  }

  /** Answers a job and forgets it. */
  finish(job: Job, reply: Reply): void {
    this.deadlines.remove(job);
    if (job.isOverdue) {
      job.isOverdue = false;
      this.overdue--;
    }
    if (job.state === 'running' && --this.running === 0) this.onNoneRuns?.();
    job.settle(reply);
    if (this.onIdle && this.deadlines.size === 0) this.onIdle();
  }

  /** The caller went away: a waiting job leaves the queue, a running one is computed for nobody. */
  abandon(job: Job): void {
    if (job.state === 'waiting') this.waitingCount--;
    this.finish(job, replies.reset);
  }

  /** A taker has room for one more job. */
  freed(taker: Taker): void {
    if (this.isDraining) return;
    const job = this.nextWaiting();
    if (job) this.run(job, taker);
    else this.idle.push(taker);
  }

  /** A taker is gone; its jobs are its own to answer. */
  removed(taker: Taker): void {
    for (let at = this.idle.length - 1; at >= 0; at--) if (this.idle[at] === taker) this.idle.splice(at, 1);
  }

  /** The processor is gone: what waits is answered like what was running. */
  failWaiting(): void {
    for (let job = this.nextWaiting(); job; job = this.nextWaiting()) this.finish(job, replies.reset);
  }

  /** Resolves when no request is in flight. */
  whenIdle(): Promise<void> {
    if (this.deadlines.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.onIdle = () => {
        this.onIdle = undefined;
        resolve();
      };
    });
  }

  /** Resolves when no taker has a job whose caller still waits. */
  whenNoneRuns(): Promise<void> {
    if (this.running === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.onNoneRuns = resolve;
    });
  }

  counters(): Counters {
    return { requests: this.requests, inFlight: this.deadlines.size, queued: this.waitingCount };
  }

  close(): void {
    this.deadlines.close();
  }

  private run(job: Job, taker: Taker): void {
    job.state = 'running';
    this.running++;
    taker.take(job);
  }

  private nextIdle(): Taker | undefined {
    return this.idle.pop();
  }

  private nextWaiting(): Job | undefined {
    while (this.waitingHead < this.waiting.length) {
      const job = this.waiting[this.waitingHead++]!;
      if (this.waitingHead > 1024) {
        this.waiting.splice(0, this.waitingHead);
        this.waitingHead = 0;
      }
      if (job.state !== 'waiting') continue;
      this.waitingCount--;
      return job;
    }
    this.waiting.length = 0;
    this.waitingHead = 0;
    return undefined;
  }
}
