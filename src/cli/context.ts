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

/** Writes a result to stdout, as text or as the one JSON document. */
export function show(io: Io, view: View, isJson: boolean): void {
  if (isJson) {
    io.stdout.write(`${JSON.stringify(view.json(), null, 2)}\n`);
    return;
  }
  const text = view.text();
  if (text instanceof Uint8Array) io.stdout.write(text);
  else if (text.length > 0) io.stdout.write(`${text.join('\n')}\n`);
}
