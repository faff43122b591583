import type { WorkerCommand, WorkerEvent, WorkerSpec } from '../core/worker/spec.ts';

/** Whole lines of a stream, one at a time. */
export class Lines {
  private readonly reader;
  private readonly decoder = new TextDecoder();
  private ready: string[] = [];
  private rest = '';
  private ended = false;

  constructor(stream: ReadableStream<Uint8Array>) {
    this.reader = stream.getReader();
  }

  /** The next line; undefined at the end of the stream, and after `close`. */
  async next(): Promise<string | undefined> {
    while (this.ready.length === 0 && !this.ended) {
      const { value, done } = await this.reader.read();
      if (done) {
        this.ended = true;
        if (this.rest !== '') this.ready.push(this.rest);
      } else {
        const lines = (this.rest + this.decoder.decode(value, { stream: true })).split('\n');
        this.rest = lines.pop() ?? '';
        this.ready.push(...lines);
      }
    }
    return this.ready.shift();
  }

  /** Stops reading: an open stdin would keep the process alive. */
  async close(): Promise<void> {
    await this.reader.cancel();
  }
}

export function parseSpec(line: string): WorkerSpec {
  const spec = JSON.parse(line) as Partial<WorkerSpec>;
  for (const field of ['service', 'instance', 'host', 'runDir', 'secret', 'workspace', 'logFile'] as const) {
    if (typeof spec[field] !== 'string') throw new Error(`the spec has no ${field}`);
  }
  if (!spec.processor || !spec.limits) throw new Error('the spec has no processor or no limits');
  return spec as WorkerSpec;
}

/** An unreadable command is `undefined`: whoever speaks it is newer than this host. */
export function parseCommand(line: string): WorkerCommand | undefined {
  try {
    const command = JSON.parse(line) as WorkerCommand;
    return ['drain', 'stop', 'restart'].includes(command.type) ? command : undefined;
  } catch {
    return undefined;
  }
}

/** One event as a line on stdout. */
export function emit(event: WorkerEvent): void {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}
