import type { Io } from '../../src/ui/io.ts';

export interface FakeIoOptions {
  /** What stdin holds; undefined is a pipe that stays open and says nothing. */
  stdin?: string | Uint8Array;
  stdinIsTty?: boolean;
  isTty?: boolean;
  /** Width of the terminal; 80 unless told otherwise. */
  columns?: number;
  /** Runs on real time instead of a clock that moves with every sleep. */
  isRealTime?: boolean;
}

export interface FakeIo extends Io {
  /** Everything written so far. */
  out(): string;
  outBytes(): Uint8Array;
  err(): string;
  /** Sends a signal to whoever listens. */
  signal(name: 'SIGINT' | 'SIGTERM'): void;
  /** Signals by which the program asked to die. */
  deaths: string[];
  /** Number of listeners for signals. */
  listeners(): number;
}

/** An Io in memory. */
export function fakeIo(options: FakeIoOptions = {}): FakeIo {
  const out: Uint8Array[] = [];
  const err: Uint8Array[] = [];
  const handlers = new Set<(name: 'SIGINT' | 'SIGTERM') => void>();
  const deaths: string[] = [];
  const bytes = (chunk: string | Uint8Array) =>
    typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk.slice();
  const text = (chunks: Uint8Array[]) => Buffer.concat(chunks).toString();
  const { isTty = false, columns = 80 } = options;
  let at = 1_700_000_000_000;
  let rest = options.stdin === undefined ? undefined : Buffer.from(options.stdin);
  return {
    stdout: { isTty, columns, write: (chunk) => void out.push(bytes(chunk)) },
    stderr: { isTty, columns, write: (chunk) => void err.push(bytes(chunk)) },
    stdin: {
      isTty: options.stdinIsTty ?? false,
      async readLine(signal) {
        if (!rest) return aborted(signal).then(() => undefined);
        if (rest.length === 0) return undefined;
        const end = rest.indexOf(10);
        const line = rest.subarray(0, end < 0 ? rest.length : end).toString();
        rest = rest.subarray(end < 0 ? rest.length : end + 1);
        return line;
      },
      readAll: async (signal) => rest ?? aborted(signal).then(() => new Uint8Array()),
    },
    now: () => (options.isRealTime ? Date.now() : at),
    async sleep(ms, signal) {
      if (options.isRealTime) {
        await Promise.race([Bun.sleep(ms), ...(signal ? [aborted(signal)] : [])]);
        return;
      }
      at += ms;
      await Bun.sleep(0);
    },
    onSignal(handler) {
      handlers.add(handler);
      return () => void handlers.delete(handler);
    },
    dieOf: (name) => void deaths.push(name),
    flush: async () => {},
    out: () => text(out),
    outBytes: () => Buffer.concat(out),
    err: () => text(err),
    signal: (name) => {
      for (const handler of handlers) handler(name);
    },
    deaths,
    listeners: () => handlers.size,
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
