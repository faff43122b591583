import type { Socket } from 'bun';
import { type Frame, FrameKind, FrameReader, PROTOCOL_VERSION } from '../../core/frames.ts';
import type { Hello } from '../../core/worker/spec.ts';
import { toResponse } from './answer.ts';
import { clientGone, upstreamTimeout } from './answers.ts';
import type { Exchange, ExchangeFate } from './exchange.ts';
import { Outbox } from './outbox.ts';
import type { Backend } from './routes.ts';

const NOTHING = new Uint8Array(0);
const MAX_ID = 0xffff_ffff;

/** One connection to an instance's front: opens at once, carries exchanges by id, ends once and for all. */
export class Connection {
  isClosed = false;
  private socket: Socket | undefined;
  private readonly outbox = new Outbox();
  private readonly pending = new Map<number, Exchange>();
  private nextId = 1;
  private isFlushDue = false;

  constructor(
    backend: Backend,
    private readonly fate: ExchangeFate,
    /** Called once; `reason` is for the log. */
    private readonly onClosed: (reason: string) => void,
  ) {
    const hello: Hello = { role: 'gateway', secret: backend.secret };
    this.outbox.add(
      FrameKind.hello,
      PROTOCOL_VERSION,
      0,
      new TextEncoder().encode(JSON.stringify(hello)),
      NOTHING,
    );
    this.open(backend.link);
  }

  send(exchange: Exchange): void {
    if (this.isClosed) {
      this.fate.notStarted(exchange, 'connection failure');
      return;
    }
    exchange.id = this.nextId;
    this.nextId = this.nextId === MAX_ID ? 1 : this.nextId + 1;
    this.outbox.add(FrameKind.exchange, exchange.head.byteLength, exchange.id, exchange.head, exchange.body);
    exchange.end = this.outbox.put;
    this.pending.set(exchange.id, exchange);
    this.flushSoon();
  }

  /**
   * Looks after exchanges that have seen a whole sweep: clients that left are cancelled, those older than
   * `timeoutSweeps` time out, the rest may wait longer than the server's idle timeout allows.
   */
  sweep(now: number, timeoutSweeps: number): void {
    for (const exchange of this.pending.values()) {
      if (exchange.startedAt > now - 2) continue;
      if (exchange.request.signal.aborted) this.abandon(exchange, clientGone());
      else if (now - exchange.startedAt > timeoutSweeps) this.abandon(exchange, upstreamTimeout());
      else if (exchange.startedAt === now - 2) exchange.server.timeout(exchange.request, 0);
    }
  }

  close(): void {
    this.end('closed by the gateway');
  }

  private abandon(exchange: Exchange, response: Response): void {
    this.pending.delete(exchange.id);
    this.outbox.add(FrameKind.cancel, 0, exchange.id, NOTHING, NOTHING);
    this.flushSoon();
    exchange.settle(response);
  }

  private open(link: string): void {
    const reader = new FrameReader((frame) => this.receive(frame));
    const socket = {
      open: (opened: Socket) => {
        this.socket = opened;
        this.flush();
      },
      data: (_: Socket, chunk: Uint8Array) => this.read(reader, chunk),
      drain: () => this.flush(),
      close: () => this.end('the instance closed it'),
      error: (_: Socket, error: Error) => this.end(error.message),
      connectError: (_: Socket, error: Error) => this.end(error.message),
    };
    const connecting = link.startsWith('unix:')
      ? Bun.connect({ unix: link.slice('unix:'.length), socket })
      : Bun.connect({ ...tcpAddress(link), socket });
    connecting.catch((error: Error) => this.end(error.message));
  }

  private read(reader: FrameReader, chunk: Uint8Array): void {
    try {
      reader.push(chunk);
    } catch (error) {
      this.end(error instanceof Error ? error.message : String(error));
    }
  }

  private receive(frame: Frame): void {
    if (frame.kind !== FrameKind.answer) return;
    const exchange = this.pending.get(frame.id);
    if (!exchange) return;
    const response = toResponse(frame);
    this.pending.delete(frame.id);
    exchange.settle(response);
  }

  /** One write for everything that one turn of the event loop brought. */
  private flushSoon(): void {
    if (this.isFlushDue) return;
    this.isFlushDue = true;
    setImmediate(this.flushNow);
  }

  private readonly flushNow = () => {
    this.isFlushDue = false;
    this.flush();
  };

  private flush(): void {
    if (this.socket && !this.isClosed) this.outbox.flush(this.socket);
  }

  private end(reason: string): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.socket?.terminate();
    this.onClosed(reason);
    const unfinished = [...this.pending.values()];
    this.pending.clear();
    for (const exchange of unfinished) {
      if (exchange.end <= this.outbox.sent) this.fate.lost(exchange);
      else this.fate.notStarted(exchange, this.socket ? 'connection termination' : 'connection failure');
    }
  }
}

function tcpAddress(link: string): { hostname: string; port: number } {
  const [, hostname, port] = /^tcp:(.+):(\d+)$/.exec(link) ?? [];
  if (!hostname) throw new RangeError(`a link is unix:/path or tcp:host:port, not ${link}`);
  return { hostname, port: Number(port) };
}
