import { CFunction, FFIType, type Pointer, ptr, read } from 'bun:ffi';
import { encodeFrame, FRAME_HEADER_BYTES, FrameKind, PROTOCOL_VERSION } from '../../core/frames.ts';
import { statusOfReturnCode } from '../../core/worker/status.ts';
import { crashPlainly, openLibc } from './libc.ts';

declare const self: Worker;

export interface ThreadTask {
  number: number;
  platform: NodeJS.Platform;
  /** What `initialize` returned; shared by all threads. */
  model: Pointer | null;
  process: Pointer;
  socketPath: string;
  secret: string;
  threads: number;
  leakOutput: boolean;
}

const BUFFER_BYTES = 128 * 1024;
/** A buffer that grew for one large request is given back above this. */
const KEEP_BELOW_BYTES = 8 * 1024 * 1024;
const EINTR = 4;

/**
 * One thread of a C/C++ processor: reads a request with a blocking call, runs `process`, writes the answer. Nothing
 * is copied but small answers, and no event loop is involved.
 */
class ProcessorThread {
  private readonly libc;
  private readonly process;
  private readonly fd: number;
  private input = new Uint8Array(BUFFER_BYTES);
  private inputAddress = ptr(this.input);
  private readonly output = new Uint8Array(BUFFER_BYTES);
  private readonly outputAddress = ptr(this.output);
  private readonly outputView = new DataView(this.output.buffer);
  /** `void *out` and `int out_size` of the ABI; large enough that the memory never moves. */
  private readonly result = new Uint8Array(4096);
  private readonly resultAddress = ptr(this.result);

  constructor(private readonly task: ThreadTask) {
    this.libc = openLibc(task.platform);
    crashPlainly(this.libc, task.platform);
    this.process = CFunction({
      ptr: task.process,
      args: [FFIType.ptr, FFIType.ptr, FFIType.i32, FFIType.ptr, FFIType.ptr],
      returns: FFIType.i32,
    });
    this.fd = this.connect();
  }

  run(): void {
    const { secret, threads } = this.task;
    const hello = { role: 'processor', secret, threads, window: 1 };
    const payload = new TextEncoder().encode(JSON.stringify(hello));
    const frame = encodeFrame(FrameKind.hello, PROTOCOL_VERSION, 0, payload);
    this.write(ptr(frame), frame.byteLength);
    for (;;) this.serveOne();
  }

  private serveOne(): void {
    let filled = this.fill(0, FRAME_HEADER_BYTES);
    const header = new DataView(this.input.buffer);
    const size = header.getUint32(0);
    const id = header.getUint32(8);
    const whole = FRAME_HEADER_BYTES + size;
    if (whole > this.input.byteLength) this.grow(whole, filled);
    if (filled < whole) filled = this.fill(filled, whole);
    this.result.fill(0, 0, 16);
    const { model } = this.task;
    const code = this.process(
      model,
      (this.inputAddress + FRAME_HEADER_BYTES) as Pointer,
      size,
      this.resultAddress,
      (this.resultAddress + 8) as Pointer,
    ) as number;
    this.answer(id, statusOfReturnCode(code));
    if (this.input.byteLength > KEEP_BELOW_BYTES) this.grow(BUFFER_BYTES, 0);
  }

  private answer(id: number, status: number): void {
    const out = read.ptr(this.resultAddress, 0) as Pointer;
    const size = out ? Math.max(read.i32(this.resultAddress, 8), 0) : 0;
    const view = this.outputView;
    view.setUint32(0, size);
    view.setUint8(4, FrameKind.response);
    view.setUint16(6, status);
    view.setUint32(8, id);
    if (FRAME_HEADER_BYTES + size <= BUFFER_BYTES) {
      if (size > 0) this.libc.memcpy((this.outputAddress + FRAME_HEADER_BYTES) as Pointer, out, size);
      this.write(this.outputAddress, FRAME_HEADER_BYTES + size);
    } else {
      this.write(this.outputAddress, FRAME_HEADER_BYTES);
      this.write(out, size);
    }
    if (out && !this.task.leakOutput) this.libc.free(out);
  }

  /** Reads until the input holds `wanted` bytes; returns how many it holds then. */
  private fill(filled: number, wanted: number): number {
    let have = filled;
    while (have < wanted) {
      const address = (this.inputAddress + have) as Pointer;
      const count = this.libc.read(this.fd, address, this.input.byteLength - have);
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

  private grow(size: number, filled: number): void {
    const larger = new Uint8Array(size);
    larger.set(this.input.subarray(0, filled));
    this.input = larger;
    this.inputAddress = ptr(larger);
  }

  private connect(): number {
    const AF_UNIX = 1;
    const SOCK_STREAM = 1;
    const path = new TextEncoder().encode(this.task.socketPath);
    const address = new Uint8Array(this.task.platform === 'darwin' ? 106 : 110);
    if (this.task.platform === 'darwin') address.set([address.byteLength, AF_UNIX]);
    else new Uint16Array(address.buffer, 0, 1)[0] = AF_UNIX;
    address.set(path, 2);
    const fd = this.libc.socket(AF_UNIX, SOCK_STREAM, 0);
    if (fd < 0 || this.libc.connect(fd, ptr(address), address.byteLength) < 0) {
      throw new Error(`thread ${this.task.number} can't reach the front`);
    }
    return fd;
  }
}

self.onmessage = (event: MessageEvent<ThreadTask>) => new ProcessorThread(event.data).run();
