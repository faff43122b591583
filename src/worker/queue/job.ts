/** What the caller of a processor gets back. `type` is the Content-Type, when it isn't the instance's default. */
export interface Reply {
  status: number;
  body: Uint8Array | string;
  /** The connection can't be used again (408 and 450, serving.md a.7). */
  close?: boolean;
}

/** One request on its way through an instance. */
export class Job {
  body: Uint8Array | undefined;
  state: 'receiving' | 'waiting' | 'running' | 'done' = 'receiving';
  /** Answered 408 while a thread computed it, which goes on. */
  isOverdue = false;
  /** Neighbours in the list ordered by start (deadlines.ts). */
  before: Job | undefined;
  after: Job | undefined;

  constructor(
    readonly startedAt: number,
    private readonly onReply: (reply: Reply) => void,
  ) {}

  /** Answers the caller; later answers are dropped. */
  settle(reply: Reply): void {
    if (this.state === 'done') return;
    this.state = 'done';
    this.body = undefined;
    this.onReply(reply);
  }
}
