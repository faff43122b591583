import { type Pointer, ptr, read } from 'bun:ffi';
import { encodeFrame, FRAME_HEADER_BYTES, FrameKind, PROTOCOL_VERSION } from '../../core/frames.ts';
import type { Hello } from '../../core/worker/spec.ts';
import type { openLibc } from './libc.ts';

type Libc = ReturnType<typeof openLibc>;

/** What the threads of a processor share, sent to each of them. */
export interface Shared {
  fd: number;
  memory: SharedArrayBuffer;
}

export interface Request {
  id: number;
  /** Of the body, until the next request is taken. */
  address: Pointer;
  sizeBytes: number;
}

const BUFFER_BYTES = 128 * 1024;
/** A buffer that grew for one large request is given back above this. */
const KEEP_BELOW_BYTES = 8 * 1024 * 1024;
const EINTR = 4;
/** Layout of the shared memory: numbers, two locks (at most 64 bytes on any system), bytes read ahead. */
const [STARTED, FROM, TO] = [0, 1, 2];
const [READ_LOCK_AT, WRITE_LOCK_AT, BUFFER_AT] = [64, 128, 192];

/** Connects to the front; throws when it isn't there. */
export function openShared(libc: Libc, platform: NodeJS.Platform, socketPath: string): Shared {
  const AF_UNIX = 1;
  const SOCK_STREAM = 1;
  const address = new Uint8Array(platform === 'darwin' ? 106 : 110);
  if (platform === 'darwin') address.set([address.byteLength, AF_UNIX]);
  else new Uint16Array(address.buffer, 0, 1)[0] = AF_UNIX;
  address.set(new TextEncoder().encode(socketPath), 2);
  const fd = libc.socket(AF_UNIX, SOCK_STREAM, 0);
  if (fd < 0 || libc.connect(fd, ptr(address), address.byteLength) < 0)
    throw new Error("the processor can't reach the front");
  const memory = new SharedArrayBuffer(BUFFER_AT + BUFFER_BYTES);
  for (const at of [READ_LOCK_AT, WRITE_LOCK_AT])
    libc.pthread_mutex_init((ptr(new Uint8Array(memory)) + at) as Pointer, null);
  return { fd, memory };
}

/**
 * The processor's connection to the front as one of its threads sees it. Whoever is free takes the next request, with
 * blocking calls and no event loop: under load a thread finds it read already, which saves both sides a wake-up.
 */
export class Connection {
  private readonly fd: number;
  private readonly numbers: Int32Array;
  private readonly ahead: Uint8Array;
  private readonly aheadView: DataView;
  private readonly aheadAddress: number;
  private readonly readLock: Pointer;
  private readonly writeLock: Pointer;
  private input = new Uint8Array(BUFFER_BYTES);
  private inputAddress = ptr(this.input);
  private readonly output = new Uint8Array(BUFFER_BYTES);
  private readonly outputAddress = ptr(this.output);
  private readonly outputView = new DataView(this.output.buffer);

  constructor(
    private readonly libc: Libc,
    { fd, memory }: Shared,
  ) {
    this.fd = fd;
    this.numbers = new Int32Array(memory, 0, 3);
    this.ahead = new Uint8Array(memory, BUFFER_AT);
    this.aheadView = new DataView(memory, BUFFER_AT);
    this.aheadAddress = ptr(this.ahead);
    const start = ptr(this.numbers);
    this.readLock = (start + READ_LOCK_AT) as Pointer;
    this.writeLock = (start + WRITE_LOCK_AT) as Pointer;
  }

  /** The last of the threads that start says hello for all. */
  start(secret: string, threads: number): void {
    if (Atomics.add(this.numbers, STARTED, 1) < threads - 1) return;
    const hello: Hello = { role: 'processor', secret, threads, window: threads };
    const payload = new TextEncoder().encode(JSON.stringify(hello));
    const frame = encodeFrame(FrameKind.hello, PROTOCOL_VERSION, 0, payload);
    this.write(ptr(frame), frame.byteLength);
  }

  /** Waits for a request. The end of the connection is the end of the process. */
  take(): Request {
    if (this.input.byteLength > KEEP_BELOW_BYTES) this.resize(BUFFER_BYTES);
    const { libc, numbers } = this;
    libc.pthread_mutex_lock(this.readLock);
    this.readHeader();
    const from = numbers[FROM]!;
    const sizeBytes = this.aheadView.getUint32(from);
    const id = this.aheadView.getUint32(from + 8);
    const whole = FRAME_HEADER_BYTES + sizeBytes;
    if (whole > this.input.byteLength) this.resize(whole);
    const there = Math.min(numbers[TO]! - from, whole);
    libc.memcpy(this.inputAddress, (this.aheadAddress + from) as Pointer, there);
    numbers[FROM] = from + there;
    this.read(this.inputAddress, there, whole, whole);
    libc.pthread_mutex_unlock(this.readLock);
    return { id, sizeBytes, address: (this.inputAddress + FRAME_HEADER_BYTES) as Pointer };
  }

  /** Answers a request with `sizeBytes` at `address`. */
  answer(id: number, status: number, address: Pointer, sizeBytes: number): void {
    const { libc, outputView: view } = this;
    view.setUint32(0, sizeBytes);
    view.setUint8(4, FrameKind.response);
    view.setUint16(6, status);
    view.setUint32(8, id);
    const isJoined = FRAME_HEADER_BYTES + sizeBytes <= BUFFER_BYTES;
    if (isJoined && sizeBytes > 0)
      libc.memcpy((this.outputAddress + FRAME_HEADER_BYTES) as Pointer, address, sizeBytes);
    libc.pthread_mutex_lock(this.writeLock);
    this.write(this.outputAddress, FRAME_HEADER_BYTES + (isJoined ? sizeBytes : 0));
    if (!isJoined) this.write(address, sizeBytes);
    libc.pthread_mutex_unlock(this.writeLock);
  }

  /** Lets a whole header be read ahead. */
  private readHeader(): void {
    const { numbers } = this;
    const [from, to] = [numbers[FROM]!, numbers[TO]!];
    if (to - from >= FRAME_HEADER_BYTES) return;
    this.ahead.copyWithin(0, from, to);
    numbers[FROM] = 0;
    numbers[TO] = this.read(this.aheadAddress, to - from, FRAME_HEADER_BYTES, BUFFER_BYTES);
  }

  /** Reads until `wanted` bytes are there, at most `room`; returns how many are. */
  private read(address: number, there: number, wanted: number, room: number): number {
    let have = there;
    while (have < wanted) {
      const count = this.libc.read(this.fd, (address + have) as Pointer, room - have);
      if (count > 0) have += count;
      else if (count === 0 || !this.interrupted()) this.libc._exit(1);
    }
    return have;
  }

  private write(address: Pointer, size: number): void {
    let written = 0;
    while (written < size) {
      const count = this.libc.write(this.fd, (address + written) as Pointer, size - written);
      if (count >= 0) written += count;
      else if (!this.interrupted()) this.libc._exit(1);
    }
  }

  private interrupted(): boolean {
    return read.i32(this.libc.errnoAddress() as Pointer, 0) === EINTR;
  }

  private resize(size: number): void {
    this.input = new Uint8Array(size);
    this.inputAddress = ptr(this.input);
  }
}
