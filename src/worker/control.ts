import type { WorkerCommand, WorkerEvent, WorkerSpec } from '../core/worker/spec.ts';

/** Reads whole lines from `stream`; ends with it. */
export async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of stream) {
    rest += decoder.decode(chunk, { stream: true });
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
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
    return command.type === 'drain' || command.type === 'stop' ? command : undefined;
  } catch {
    return undefined;
  }
}

/** One event as a line on stdout. */
export function emit(event: WorkerEvent): void {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}
