/**
 * The one object through which the program meets a person or a pipe; tests replace it whole.
 *
 *   stdout: the documented output, or with `-o json` exactly one JSON document; bytes of predictions as they are
 *   stderr: spinners, progress bars, prompts, warnings, errors, traces
 */
export interface Io {
  stdout: Sink;
  stderr: Sink;
  stdin: Source;
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `ms`, or at once when the signal is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Calls `handler` for SIGINT and SIGTERM until the returned function is called. */
  onSignal(handler: (name: 'SIGINT' | 'SIGTERM') => void): () => void;
  /** Ends the process the way that signal would have, without any further word. */
  dieOf(name: 'SIGINT' | 'SIGTERM'): void;
  /** Resolves when everything written has left the process. */
  flush(): Promise<void>;
}

export interface Sink {
  isTty: boolean;
  columns: number;
  write(chunk: string | Uint8Array): void;
}

export interface Source {
  isTty: boolean;
  /** One line without its end, or undefined at the end of the input or when the signal is aborted. */
  readLine(signal: AbortSignal): Promise<string | undefined>;
  readAll(signal: AbortSignal): Promise<Uint8Array>;
}
