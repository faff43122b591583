import { closeSync, openSync } from 'node:fs';
import type { Processes } from '../state/processes.ts';
import { identify, type ProcessIdentity } from './identity.ts';

export type Child = Bun.Subprocess<'pipe', 'pipe', 'ignore' | number>;

export interface LaunchedChild {
  process: Child;
  /** Writes one JSON line to its stdin; a child that is gone is left to its exit handler. */
  send(message: unknown): void;
  /** Nothing more will be sent. */
  endInput(): void;
  /** The child has been seen to end. */
  forget(): void;
}

/**
 * Starts this program again under a hidden verb. Stdin is a pipe that ends with the daemon, and the process is
 * recorded until it is seen to end, so nothing outlives a killed daemon.
 */
export class Launcher {
  constructor(
    private readonly selfCommand: string[],
    private readonly env: Record<string, string>,
    private readonly cwd: string,
    private readonly processes: Processes,
  ) {}

  start(
    verb: '__worker' | '__container' | '__prepare' | '__load',
    options: { what: string; stderrFile?: string },
  ): LaunchedChild {
    const stderr = options.stderrFile === undefined ? undefined : openSync(options.stderrFile, 'a', 0o600);
    let child: Child;
    try {
      child = Bun.spawn([...this.selfCommand, verb], {
        stdin: 'pipe',
        stdout: 'pipe',
        stderr: stderr ?? 'ignore',
        env: this.env,
        cwd: this.cwd,
      });
    } finally {
      if (stderr !== undefined) closeSync(stderr);
    }
    const identity = this.record(child.pid, options.what);
    return {
      process: child,
      send(message) {
        try {
          child.stdin.write(`${JSON.stringify(message)}\n`);
          child.stdin.flush();
        } catch {
          // A broken pipe: the child ended, which its exit handler tells.
        }
      },
      endInput() {
        child.stdin.end();
      },
      forget: () => {
        if (identity) this.processes.remove(identity);
      },
    };
  }

  private record(pid: number, what: string): ProcessIdentity | undefined {
    const identity = identify(pid);
    if (identity) this.processes.add(identity, what);
    return identity;
  }
}
