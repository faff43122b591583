import { closeSync, openSync } from 'node:fs';
import type { Host } from '../../core/host.ts';
import { childEnvironment } from '../../core/process/environment.ts';
import { eachLine } from '../../core/process/lines.ts';
import type { Io } from '../../ui/io.ts';

export interface Child {
  send(message: unknown): void;
  /** End of its stdin: it ends what it started, then itself. */
  endInput(): void;
  kill(): void;
  /** After its last event; the code is 128 + n for a signal. */
  exited: Promise<number>;
}

/** Longest a worker or container that lost its stdin may take to be gone. */
const STOP_MS = 5_000;

/** Lets a child end what it started, then itself; killed when that takes too long. */
export async function stopChild(io: Io, child: Child): Promise<void> {
  child.endInput();
  const patience = new AbortController();
  const late = io.sleep(STOP_MS, patience.signal).then(() => {
    if (!patience.signal.aborted) child.kill();
  });
  await child.exited;
  patience.abort();
  await late;
}

/**
 * Runs this program under a hidden verb: JSON lines in on stdin and out on stdout. Stdin is a pipe that ends with
 * this process however it dies, so nothing outlives it. In a session of its own, so that Ctrl-C reaches only us.
 */
export function startChild<Event>(
  host: Host,
  verb: '__prepare' | '__worker' | '__container',
  stderrFile: string,
  onEvent: (event: Event) => void,
): Child {
  const stderr = openSync(stderrFile, 'a', 0o600);
  const child = Bun.spawn([...host.selfCommand, verb], {
    stdin: 'pipe',
    stdout: 'pipe',
    stderr,
    env: childEnvironment(host.env),
    cwd: host.cwd,
    detached: true,
  });
  closeSync(stderr);
  const heard = eachLine(child.stdout, (line) => onEvent(JSON.parse(line) as Event));
  return {
    send(message) {
      child.stdin.write(`${JSON.stringify(message)}\n`);
      child.stdin.flush();
    },
    endInput: () => void child.stdin.end(),
    kill: () => child.kill('SIGKILL'),
    exited: heard.then(() => child.exited),
  };
}
