import type { Io, Sink, Source } from '../ui/io.ts';

/** The process's own streams as an Io. */
export function createTerminalIo(): Io {
  const stdout = sink(process.stdout);
  const stderr = sink(process.stderr);
  return {
    stdout,
    stderr,
    stdin: stdinSource(),
    now: () => Date.now(),
    sleep,
    onSignal,
    dieOf(name) {
      process.removeAllListeners(name);
      process.kill(process.pid, name);
    },
    flush: () => Promise.all([stdout.flush(), stderr.flush()]).then(() => undefined),
  };
}

interface TerminalSink extends Sink {
  flush(): Promise<void>;
}

function sink(stream: NodeJS.WriteStream): TerminalSink {
  let pending: Promise<unknown> = Promise.resolve();
  const gone = new Promise<void>((resolve) => {
    // A reader that went away (`eascmd ls | head -1`) is not our failure, and there is nobody left to tell.
    stream.on('error', () => resolve());
  });
  return {
    get isTty() {
      return stream.isTTY === true;
    },
    get columns() {
      // A terminal that was never given a size says 0.
      return stream.columns || 80;
    },
    write(chunk) {
      // The stream's own length says 0 while most of a big chunk still waits for the pipe; the callback tells.
      pending = new Promise<void>((resolve) => stream.write(chunk, () => resolve()));
    },
    flush: () => Promise.race([pending, gone]).then(() => undefined),
  };
}

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const finish = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, ms);
    signal?.addEventListener('abort', finish, { once: true });
  });
}

/** A terminal that goes away ends a command in order, as SIGTERM does. */
function onSignal(handler: (name: 'SIGINT' | 'SIGTERM') => void): () => void {
  const interrupt = () => handler('SIGINT');
  const terminate = () => handler('SIGTERM');
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', terminate);
  // Under nohup, which wants the hang-up ignored, neither stream is a terminal any more.
  const hasTerminal = process.stdout.isTTY || process.stderr.isTTY;
  if (hasTerminal) process.on('SIGHUP', terminate);
  return () => {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', terminate);
    process.off('SIGHUP', terminate);
  };
}

/** stdin is touched only when somebody reads it: opening it costs time and keeps the process alive. */
function stdinSource(): Source {
  return {
    get isTty() {
      return process.stdin.isTTY === true;
    },
    readLine: (signal) => collect(signal, true).then((bytes) => bytes && firstLine(bytes)),
    readAll: async (signal) => (await collect(signal, false)) ?? new Uint8Array(),
  };
}

function firstLine(bytes: Uint8Array): string | undefined {
  const text = new TextDecoder().decode(bytes);
  return text === '' ? undefined : text.split('\n')[0]!.replace(/\r$/, '');
}

/** Bytes up to the first line end, or all of them; undefined when the signal came first. */
function collect(signal: AbortSignal, untilLineEnd: boolean): Promise<Uint8Array | undefined> {
  const stdin = process.stdin;
  const chunks: Uint8Array[] = [];
  return new Promise((resolve, reject) => {
    if (signal.aborted) return resolve(undefined);
    const finish = (result: Uint8Array | undefined) => {
      stdin.off('data', onData).off('end', onEnd).off('error', reject);
      signal.removeEventListener('abort', onAbort);
      stdin.pause();
      resolve(result);
    };
    const onData = (chunk: Uint8Array) => {
      chunks.push(chunk);
      if (untilLineEnd && chunk.includes(10)) finish(Buffer.concat(chunks));
    };
    const onEnd = () => finish(Buffer.concat(chunks));
    const onAbort = () => finish(undefined);
    stdin.on('data', onData).on('end', onEnd).on('error', reject);
    signal.addEventListener('abort', onAbort, { once: true });
    stdin.resume();
  });
}
