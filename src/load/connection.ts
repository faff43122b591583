import { ResponseReader } from './response.ts';
import type { Outcome } from './tally.ts';

/** A server that can't be reached is tried again after this long, so that a dead one costs no processor time. */
const RETRY_MS = 100;

export interface Destination {
  hostname: string;
  port: number;
}

/** One keep-alive connection with one request at a time. */
export class Connection {
  private socket: Bun.Socket | undefined;
  private readonly reader = new ResponseReader();
  /** Part of the request that the socket has not taken yet. */
  private unsent: Buffer | undefined;
  private request: Buffer | undefined;
  private receivedBytes = 0;
  private startedAt = 0;
  private epoch = 0;

  constructor(
    private readonly destination: Destination,
    private readonly onOutcome: (outcome: Outcome) => void,
  ) {}

  get isBusy(): boolean {
    return this.request !== undefined;
  }

  /** Milliseconds of `performance.now()` since the request began; 0 while there is none. */
  age(nowMs: number): number {
    return this.isBusy ? nowMs - this.startedAt : 0;
  }

  send(request: Buffer): void {
    this.request = request;
    this.receivedBytes = 0;
    this.reader.reset();
    this.startedAt = performance.now();
    if (this.socket) this.write(request);
    else this.connect(request);
  }

  /** Ends the request without an answer. */
  giveUp(): void {
    this.drop();
    this.settle(undefined);
  }

  close(): void {
    this.request = undefined;
    this.drop();
  }

  private connect(request: Buffer): void {
    const epoch = ++this.epoch;
    const isCurrent = () => epoch === this.epoch;
    Bun.connect({
      ...this.destination,
      socket: {
        binaryType: 'buffer',
        open: (socket) => {
          if (!isCurrent()) return void socket.terminate();
          this.socket = socket;
          // The clock starts when the request leaves: how long a connection takes is no property of the service.
          this.startedAt = performance.now();
          this.write(request);
        },
        data: (_socket, bytes) => {
          if (isCurrent()) this.receive(bytes);
        },
        drain: () => {
          if (isCurrent() && this.unsent) this.write(this.unsent);
        },
        close: () => {
          if (isCurrent()) this.lost();
        },
        error: () => {},
        connectError: () => {
          if (isCurrent()) this.unreachable();
        },
      },
    }).catch(() => {
      if (isCurrent()) this.unreachable();
    });
  }

  private write(bytes: Buffer): void {
    const written = Math.max(0, this.socket?.write(bytes) ?? 0);
    this.unsent = written < bytes.byteLength ? bytes.subarray(written) : undefined;
  }

  private receive(bytes: Buffer): void {
    this.receivedBytes += bytes.byteLength;
    let isWhole = true;
    try {
      if (this.isBusy) isWhole = this.reader.push(bytes);
      else this.drop();
    } catch {
      this.giveUp();
      return;
    }
    if (!isWhole || !this.isBusy) return;
    if (!this.reader.isKept || this.unsent) this.drop();
    this.settle(this.reader.status);
  }

  private lost(): void {
    this.socket = undefined;
    this.unsent = undefined;
    this.epoch++;
    if (this.isBusy) this.settle(this.reader.end() ? this.reader.status : undefined);
  }

  private unreachable(): void {
    const epoch = ++this.epoch;
    setTimeout(() => {
      if (epoch === this.epoch && this.isBusy) this.settle(undefined);
    }, RETRY_MS);
  }

  private drop(): void {
    this.epoch++;
    const { socket } = this;
    this.socket = undefined;
    this.unsent = undefined;
    socket?.terminate();
  }

  private settle(status: number | undefined): void {
    const { request, receivedBytes } = this;
    if (!request) return;
    this.request = undefined;
    const us = (performance.now() - this.startedAt) * 1000;
    const sentBytes = request.byteLength - (this.unsent?.byteLength ?? 0);
    this.onOutcome({ status, sentBytes, receivedBytes, us });
  }
}
