import { CFunction, FFIType, type Pointer, ptr, read } from 'bun:ffi';
import { statusOfReturnCode } from '../../core/worker/status.ts';
import { Connection, type Shared } from './connection.ts';
import { crashPlainly, openLibc } from './libc.ts';

declare const self: Worker;

export interface ThreadTask {
  platform: NodeJS.Platform;
  /** What `initialize` returned; shared by all threads. */
  model: Pointer | null;
  process: Pointer;
  shared: Shared;
  secret: string;
  threads: number;
  leakOutput: boolean;
}

/** One thread of a C/C++ processor: takes a request, runs `process`, answers, for ever. */
class ProcessorThread {
  private readonly libc;
  private readonly process;
  private readonly connection: Connection;
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
    this.connection = new Connection(this.libc, task.shared);
  }

  run(): void {
    this.connection.start(this.task.secret, this.task.threads);
    for (;;) this.serveOne();
  }

  private serveOne(): void {
    const { id, address, sizeBytes } = this.connection.take();
    this.result.fill(0, 0, 16);
    const { model, leakOutput } = this.task;
    const sizeAddress = (this.resultAddress + 8) as Pointer;
    const code = this.process(model, address, sizeBytes, this.resultAddress, sizeAddress) as number;
    const out = read.ptr(this.resultAddress, 0) as Pointer;
    const outBytes = out ? Math.max(read.i32(this.resultAddress, 8), 0) : 0;
    this.connection.answer(id, statusOfReturnCode(code), out, outBytes);
    if (out && !leakOutput) this.libc.free(out);
  }
}

self.onmessage = (event: MessageEvent<ThreadTask>) => new ProcessorThread(event.data).run();
