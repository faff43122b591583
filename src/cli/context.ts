import type { Clients } from '../commands/clients.ts';
import type { Host } from '../core/host.ts';
import type { Io } from '../ui/io.ts';
import type { View } from '../ui/view.ts';

/** Everything a command may touch. Commands return views; `say` is for documented lines that come while they work. */
export interface Context {
  host: Host;
  io: Io;
  clients: Clients;
  /** Aborted by the first Ctrl-C or SIGTERM. */
  signal: AbortSignal;
  isJson: boolean;
  /** `eascmd` with the flags that lead to the same target, for lines that people type again. */
  program: string;
  /** Colour and movement on stderr. */
  isLively: boolean;
  /** Lines of the documented output, at once; nothing with `-o json`. */
  say(...lines: string[]): void;
  /** A line for people on stderr. */
  note(line: string): void;
  /** What to say when a signal ends the command from now on, e.g. how to resume watching. */
  ifInterrupted(...lines: string[]): void;
  /** How long stopping in order may take after a signal, for a command that has more to end than itself. */
  needsToStop(ms: number): void;
}

/** Lines that are written at once: few enough to be no weight, many enough to be quick. */
const LINES_AT_ONCE = 1_000;
/** Output that may wait for whoever reads it. */
const UNREAD_BYTES = 1024 * 1024;

/** Writes a result to stdout, as text or as the one JSON document; a long one no faster than it is read. */
export async function show({ stdout, flush }: Pick<Io, 'stdout' | 'flush'>, view: View, isJson: boolean) {
  const text = isJson ? undefined : view.text();
  if (text instanceof Uint8Array) return stdout.write(text);
  let written = 0;
  for (const piece of text ? blocks(text) : (view.jsonText?.() ?? [JSON.stringify(view.json(), null, 2)])) {
    stdout.write(piece);
    written += piece.length;
    if (written > UNREAD_BYTES) {
      await flush();
      written = 0;
    }
  }
  if (isJson) stdout.write('\n');
}

function* blocks(lines: Iterable<string>): Generator<string> {
  let block: string[] = [];
  for (const line of lines)
    if (block.push(line) === LINES_AT_ONCE) {
      yield `${block.join('\n')}\n`;
      block = [];
    }
  if (block.length > 0) yield `${block.join('\n')}\n`;
}
