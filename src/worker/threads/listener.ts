import { timingSafeEqual } from 'node:crypto';
import type { Socket, SocketHandler, TCPSocketListener, UnixSocketListener } from 'bun';
import { FRAME_HEADER_BYTES, FrameKind } from '../../core/frames.ts';
import type { Hello } from '../../core/worker/spec.ts';
import type { Dispatcher } from '../queue/dispatcher.ts';
import { ThreadConnection } from './connection.ts';

/** A hello is short; who announces more before it is no processor of ours. */
const MAX_HELLO_BYTES = 64 * 1024;

interface Peer {
  connection: ThreadConnection;
  /** Its first bytes are here, and look like a hello. */
  begun: boolean;
  said: boolean;
}

export interface ThreadsOptions {
  path: string;
  dispatcher: Dispatcher;
  /** All threads of the running processor are connected. */
  onReady: () => void;
  onProperties: (properties: Record<string, string>) => void;
  /** The processor answers HTTP on a loopback port instead of frames. */
  onHttp: (port: number, threads: number) => void;
  /** User code has a handler of its own for a path; returns the queue of that path. */
  onInject: (handler: { path: string; token?: string }) => Dispatcher;
  log: (line: string) => void;
}

/** Where the threads of user code connect, refused without the secret of this start. */
export class ThreadListener {
  private readonly server: UnixSocketListener<Peer>;
  private loopback: TCPSocketListener<Peer> | undefined;
  private readonly peers = new Set<Socket<Peer>>();
  private readonly windows = new Map<Peer, number>();
  private expected = 1;
  private announced = false;
  private secret = '';

  constructor(private readonly options: ThreadsOptions) {
    this.server = Bun.listen<Peer>({ unix: options.path, socket: this.handlers() });
  }

  /** A port of the loopback interface, for threads without Unix-domain sockets; opened when first asked for. */
  loopbackPort(): number {
    this.loopback ??= Bun.listen<Peer>({ hostname: '127.0.0.1', port: 0, socket: this.handlers() });
    return this.loopback.port;
  }

  /** Begins a new start of the processor: what the one before left connected is dropped. */
  renew(secret: string): void {
    this.dropAll();
    this.secret = secret;
    this.expected = 1;
    this.announced = false;
  }

  dropAll(): void {
    for (const socket of [...this.peers]) {
      this.closed(socket);
      socket.terminate();
    }
  }

  /** Threads that are connected, of those expected. */
  close(): void {
    this.dropAll();
    this.server.stop(true);
    this.loopback?.stop(true);
  }

  private handlers(): SocketHandler<Peer> {
    return {
      open: (socket) => this.opened(socket),
      data: (socket, chunk) => this.received(socket, chunk),
      drain: (socket) => socket.data.connection.drain(),
      close: (socket) => this.closed(socket),
      error: (socket) => this.closed(socket),
    };
  }

  private opened(socket: Socket<Peer>): void {
    const connection = new ThreadConnection(socket, this.options.dispatcher, (payload) =>
      this.hello(socket, payload),
    );
    socket.data = { connection, begun: false, said: false };
    this.peers.add(socket);
  }

  private received(socket: Socket<Peer>, chunk: Uint8Array): void {
    try {
      if (!socket.data.begun) refuseStranger(chunk);
      socket.data.begun = true;
      socket.data.connection.reader.push(chunk);
    } catch (error) {
      this.options.log(`a connection of the processor was dropped: ${(error as Error).message}`);
      this.closed(socket);
      socket.terminate();
    }
  }

  private hello(socket: Socket<Peer>, payload: Uint8Array): void {
    const hello = JSON.parse(Buffer.from(payload).toString()) as Partial<Hello>;
    const peer = socket.data;
    if (!peer.said) {
      if (hello.role !== 'processor' || !sameText(hello.secret, this.secret)) throw new Error('wrong secret');
      peer.said = true;
    }
    if (hello.properties) this.options.onProperties(hello.properties);
    if (hello.httpPort) {
      this.options.onHttp(hello.httpPort, hello.threads ?? 1);
      return;
    }
    const window = hello.window ?? 1;
    if (hello.inject) {
      peer.connection.serve(this.options.onInject(hello.inject));
      peer.connection.setWindow(window);
      return;
    }
    this.windows.set(peer, window);
    if (hello.threads) this.expected = Math.max(this.expected, hello.threads);
    let total = 0;
    for (const size of this.windows.values()) total += size;
    if (!this.announced && total >= this.expected) {
      this.announced = true;
      peer.connection.setWindow(window);
      this.options.onReady();
    } else peer.connection.setWindow(window);
  }

  private closed(socket: Socket<Peer>): void {
    if (!this.peers.delete(socket)) return;
    this.windows.delete(socket.data);
    socket.data.connection.lost();
  }
}

/** On the loopback interface anybody of this machine may connect. */
function refuseStranger(chunk: Uint8Array): void {
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  if (
    chunk.byteLength < FRAME_HEADER_BYTES ||
    view.getUint32(0) > MAX_HELLO_BYTES ||
    chunk[4] !== FrameKind.hello
  )
    throw new Error('it did not begin with a hello');
}

function sameText(given: string | undefined, expected: string): boolean {
  const a = Buffer.from(given ?? '');
  const b = Buffer.from(expected);
  return expected !== '' && a.byteLength === b.byteLength && timingSafeEqual(a, b);
}
