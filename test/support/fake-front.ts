import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Socket } from 'bun';
import { encodeFrame, type Frame, FrameKind, FrameReader } from '../../src/core/frames.ts';
import type { Backend } from '../../src/local/gateway/routes.ts';

export interface SeenExchange {
  id: number;
  method: string;
  target: string;
  body: Uint8Array;
}

export interface FakeAnswer {
  status?: number;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
}

/** Undefined leaves the exchange unanswered. */
export type FakeHandler = (
  exchange: SeenExchange,
) => FakeAnswer | undefined | Promise<FakeAnswer | undefined>;

/** The worker's end of a link, written from the table of core/frames.ts alone: a unix socket that answers by `handler`. */
export class FakeFront {
  readonly seen: SeenExchange[] = [];
  readonly cancelled: number[] = [];
  readonly hellos: { code: number; hello: unknown }[] = [];
  readonly backend: Backend;
  private readonly directory = mkdtempSync(join(tmpdir(), 'eas-front-'));
  private readonly sockets = new Set<Socket<Peer>>();
  private readonly listener: Bun.UnixSocketListener<Peer>;

  constructor(
    readonly instance: string,
    private readonly handler: FakeHandler = ({ body }) => ({ body }),
  ) {
    const path = join(this.directory, 'link');
    this.backend = { instance, link: `unix:${path}`, secret: `secret of ${instance}` };
    this.listener = Bun.listen<Peer>({
      unix: path,
      socket: {
        open: (socket) => {
          this.sockets.add(socket);
          socket.data = { reader: new FrameReader((frame) => this.receive(socket, frame)), unsent: [] };
        },
        data: (socket, chunk) => socket.data.reader.push(chunk),
        drain: (socket) => flush(socket),
        close: (socket) => void this.sockets.delete(socket),
      },
    });
  }

  /** Ends all connections, as a front that dies would, but keeps listening. */
  dropConnections(): void {
    for (const socket of this.sockets) socket.terminate();
  }

  get connections(): number {
    return this.sockets.size;
  }

  close(): void {
    this.listener.stop(true);
    rmSync(this.directory, { recursive: true, force: true });
  }

  private async receive(socket: Socket<Peer>, frame: Frame): Promise<void> {
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    if (frame.kind === FrameKind.hello) {
      this.hellos.push({ code: frame.code, hello: JSON.parse(text(frame.payload)) });
      return;
    }
    if (frame.kind === FrameKind.cancel) {
      this.cancelled.push(frame.id);
      return;
    }
    if (frame.kind !== FrameKind.exchange) throw new Error(`a gateway sent kind ${frame.kind}`);
    const head = JSON.parse(text(frame.payload.subarray(0, frame.code))) as {
      method: string;
      target: string;
    };
    const exchange = { id: frame.id, ...head, body: frame.payload.slice(frame.code) };
    this.seen.push(exchange);
    const answer = await this.handler(exchange);
    if (answer) send(socket, answerFrame(exchange.id, answer));
  }
}

interface Peer {
  reader: FrameReader;
  unsent: Uint8Array[];
}

export function answerFrame(id: number, { status = 200, headers, body = '' }: FakeAnswer): Uint8Array {
  const head = headers ? new TextEncoder().encode(JSON.stringify({ headers })) : new Uint8Array(0);
  const length = new Uint8Array([head.byteLength >> 8, head.byteLength & 255]);
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  return encodeFrame(FrameKind.answer, status, id, length, head, bytes);
}

function send(socket: Socket<Peer>, frame: Uint8Array): void {
  socket.data.unsent.push(frame);
  if (socket.data.unsent.length === 1) flush(socket);
}

function flush(socket: Socket<Peer>): void {
  const { unsent } = socket.data;
  while (unsent.length > 0) {
    const written = Math.max(socket.write(unsent[0]!), 0);
    if (written < unsent[0]!.byteLength) {
      unsent[0] = unsent[0]!.subarray(written);
      return;
    }
    unsent.shift();
  }
}
