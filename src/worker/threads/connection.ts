import { encodeFrame, encodeHeader, FrameKind, FrameReader } from '../../core/frames.ts';
import { statusOfReturnCode } from '../../core/worker/status.ts';
import type { Dispatcher, Taker } from '../queue/dispatcher.ts';
import type { Job } from '../queue/job.ts';
import { replies } from '../queue/replies.ts';
import { type ByteSink, JOIN_BELOW_BYTES, Writer } from './writer.ts';

const NO_BODY = new Uint8Array(0);

/** One thread of user code: takes up to `window` jobs at once and answers them by id. */
export class ThreadConnection implements Taker {
  private readonly writer: Writer;
  private readonly running = new Map<number, Job>();
  private nextId = 1;
  private window = 0;
  private offered = 0;
  readonly reader: FrameReader;

  constructor(
    socket: ByteSink,
    private dispatcher: Dispatcher,
    onHello: (payload: Uint8Array) => void,
  ) {
    this.writer = new Writer(socket);
    this.reader = new FrameReader((frame) => {
      if (frame.kind === FrameKind.response) this.answered(frame.id, frame.code, frame.payload);
      else if (frame.kind === FrameKind.hello) onHello(frame.payload);
      else throw new RangeError(`a processor sent a frame of kind ${frame.kind}`);
    });
  }

  /** Takes its jobs from another queue; said before it takes any. */
  serve(dispatcher: Dispatcher): void {
    this.dispatcher = dispatcher;
  }

  /** How many jobs this connection takes at once from now on. */
  setWindow(window: number): void {
    if (window < this.offered + this.running.size) {
      this.dispatcher.removed(this);
      this.offered = 0;
    }
    this.window = window;
    while (this.offered + this.running.size < this.window) this.offer();
  }

  take(job: Job): void {
    this.offered--;
    const id = this.nextId;
    this.nextId = id === 0xffff_ffff ? 1 : id + 1;
    this.running.set(id, job);
    const body = job.body ?? NO_BODY;
    job.body = undefined;
    if (body.byteLength < JOIN_BELOW_BYTES) {
      this.writer.write(encodeFrame(FrameKind.request, 0, id, body));
    } else {
      this.writer.write(encodeHeader(FrameKind.request, 0, id, body.byteLength));
      this.writer.write(body);
    }
  }

  drain(): void {
    this.writer.drain();
  }

  /** The connection is gone: what ran on it is answered 503. */
  lost(): void {
    this.window = 0;
    this.dispatcher.removed(this);
    for (const job of this.running.values()) this.dispatcher.finish(job, replies.reset);
    this.running.clear();
  }

  private answered(id: number, code: number, payload: Uint8Array): void {
    const job = this.running.get(id);
    if (!job) throw new RangeError(`a processor answered request ${id}, which it was not given`);
    this.running.delete(id);
    this.dispatcher.finish(job, { status: statusOfReturnCode(code), body: payload });
    if (this.offered + this.running.size < this.window) this.offer();
  }

  private offer(): void {
    this.offered++;
    this.dispatcher.freed(this);
  }
}
