import { timingSafeEqual } from 'node:crypto';
import type { Socket, SocketHandler, TCPSocketListener, UnixSocketListener } from 'bun';
import { encodeFrame, encodeHeader, type Frame, FrameKind, FrameReader } from '../../core/frames.ts';
import type { Hello } from '../../core/worker/spec.ts';
import type { Job, Reply } from '../queue/job.ts';
import { JOIN_BELOW_BYTES, Writer } from '../threads/writer.ts';
import type { Gate } from './gate.ts';
import { DEFAULT_CONTENT_TYPE } from './headers.ts';

const NO_HEAD = new Uint8Array(2);
const encoder = new TextEncoder();

interface Caller {
  reader: FrameReader;
  writer: Writer;
  jobs: Map<number, Job>;
  said: boolean;
}

export interface LinkOptions {
  path: string;
  /** A second way in, for a gateway outside the container this runs in. */
  tcp?: { hostname: string; port: number };
  /** What a gateway has to say in its hello. */
  secret: string;
  gate: Gate;
  log: (line: string) => void;
}

/** The gateway's way in: exchange and answer frames, many at once on one connection, HTTP parsed already. */
export class Link {
  private readonly server: UnixSocketListener<Caller>;
  private readonly tcpServer: TCPSocketListener<Caller> | undefined;
  private readonly callers = new Set<Socket<Caller>>();

  constructor(private readonly options: LinkOptions) {
    const socket: SocketHandler<Caller> = {
      open: (socket) => {
        socket.data = {
          reader: new FrameReader((frame) => this.frame(socket.data, frame)),
          writer: new Writer(socket),
          jobs: new Map(),
          said: false,
        };
        this.callers.add(socket);
      },
      data: (socket, chunk) => {
        try {
          socket.data.reader.push(chunk);
        } catch (error) {
          options.log(`a connection on the gateway's link was dropped: ${(error as Error).message}`);
          socket.terminate();
        }
      },
      drain: (socket) => socket.data.writer.drain(),
      close: (socket) => this.closed(socket),
      error: (socket) => this.closed(socket),
    };
    this.server = Bun.listen<Caller>({ unix: options.path, socket });
    this.tcpServer = options.tcp && Bun.listen<Caller>({ ...options.tcp, socket });
  }

  close(): void {
    for (const socket of this.callers) socket.terminate();
    this.server.stop(true);
    this.tcpServer?.stop(true);
  }

  private frame(caller: Caller, frame: Frame): void {
    if (!caller.said) this.hello(caller, frame);
    else if (frame.kind === FrameKind.exchange) this.exchange(caller, frame);
    else if (frame.kind === FrameKind.cancel) {
      const job = caller.jobs.get(frame.id);
      if (job) this.options.gate.dispatcher.abandon(job);
    } else throw new RangeError(`a gateway sent a frame of kind ${frame.kind}`);
  }

  private hello(caller: Caller, frame: Frame): void {
    if (frame.kind !== FrameKind.hello) throw new RangeError('a gateway said no hello');
    const hello = JSON.parse(Buffer.from(frame.payload).toString()) as Partial<Hello>;
    const given = Buffer.from(hello.secret ?? '');
    const secret = Buffer.from(this.options.secret);
    const same = given.byteLength === secret.byteLength && timingSafeEqual(given, secret);
    if (hello.role !== 'gateway' || !same) throw new RangeError('wrong secret');
    caller.said = true;
  }

  private exchange(caller: Caller, frame: Frame): void {
    const { gate } = this.options;
    const { id } = frame;
    const refusal = gate.refusal();
    if (refusal) {
      this.answer(caller, id, refusal);
      return;
    }
    const { dispatcher } = gate;
    const job = dispatcher.begin((reply) => {
      caller.jobs.delete(id);
      this.answer(caller, id, reply);
    });
    caller.jobs.set(id, job);
    dispatcher.submit(job, frame.payload.subarray(frame.code));
  }

  private answer(caller: Caller, id: number, reply: Reply): void {
    if (!caller.said) return;
    const body = typeof reply.body === 'string' ? encoder.encode(reply.body) : reply.body;
    const head = headOf(this.options.gate.headers);
    if (body.byteLength < JOIN_BELOW_BYTES) {
      caller.writer.write(encodeFrame(FrameKind.answer, reply.status, id, head, body));
      return;
    }
    const length = head.byteLength + body.byteLength;
    caller.writer.write(encodeHeader(FrameKind.answer, reply.status, id, length));
    caller.writer.write(head);
    caller.writer.write(body);
  }

  private closed(socket: Socket<Caller>): void {
    if (!this.callers.delete(socket)) return;
    socket.data.said = false;
    for (const job of [...socket.data.jobs.values()]) this.options.gate.dispatcher.abandon(job);
  }
}

let cached: { headers: Record<string, string>; head: Uint8Array } | undefined;

/** The head of an answer; nothing when the headers are the plain default. */
function headOf(headers: Record<string, string>): Uint8Array {
  if (cached?.headers === headers) return cached.head;
  let head = NO_HEAD;
  if (Object.keys(headers).length !== 1 || headers['content-type'] !== DEFAULT_CONTENT_TYPE) {
    const json = encoder.encode(JSON.stringify({ headers }));
    head = new Uint8Array(2 + json.byteLength);
    new DataView(head.buffer).setUint16(0, json.byteLength);
    head.set(json, 2);
  }
  cached = { headers, head };
  return head;
}
