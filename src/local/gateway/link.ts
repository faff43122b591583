import { Connection } from './connection.ts';
import type { Exchange, ExchangeFate } from './exchange.ts';
import type { Backend } from './routes.ts';

/** Longer bodies use a connection of their own, so that they do not stand before short ones. */
const BULK_BYTES = 1024 * 1024;
const SUSPECT_MS = 1000;

/** The gateway's way to one instance: connections opened on demand, and the count of what is under way. */
export class Link {
  inFlight = 0;
  private ordinary: Connection | undefined;
  private bulk: Connection | undefined;
  private isClosing = false;
  private failedAtMs = Number.NEGATIVE_INFINITY;
  private idleWaiters: (() => void)[] = [];

  constructor(
    readonly backend: Backend,
    private readonly fate: ExchangeFate,
    private readonly log: (line: string) => void,
  ) {}

  get isSuspect(): boolean {
    return this.failedAtMs > Number.NEGATIVE_INFINITY && performance.now() - this.failedAtMs < SUSPECT_MS;
  }

  get isOpen(): boolean {
    return this.ordinary?.isClosed === false || this.bulk?.isClosed === false;
  }

  send(exchange: Exchange): void {
    this.inFlight++;
    if (exchange.body.byteLength > BULK_BYTES) {
      if (!this.bulk || this.bulk.isClosed) this.bulk = this.connect();
      this.bulk.send(exchange);
    } else {
      if (!this.ordinary || this.ordinary.isClosed) this.ordinary = this.connect();
      this.ordinary.send(exchange);
    }
  }

  /** An exchange given to `send` is over, or goes elsewhere. */
  release(): void {
    this.inFlight--;
    if (this.inFlight > 0) return;
    for (const wake of this.idleWaiters.splice(0)) wake();
  }

  /** Resolves when nothing is in flight. */
  idle(): Promise<void> {
    return this.inFlight === 0 ? Promise.resolve() : new Promise((resolve) => this.idleWaiters.push(resolve));
  }

  sweep(now: number, timeoutSweeps: number): void {
    this.ordinary?.sweep(now, timeoutSweeps);
    this.bulk?.sweep(now, timeoutSweeps);
  }

  close(): void {
    this.isClosing = true;
    this.ordinary?.close();
    this.bulk?.close();
  }

  private connect(): Connection {
    return new Connection(this.backend, this.fate, (reason) => {
      if (this.isClosing) return;
      this.failedAtMs = performance.now();
      this.log(`gateway: link to ${this.backend.instance} is down: ${reason}`);
    });
  }
}
