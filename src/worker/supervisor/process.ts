import { readFileSync } from 'node:fs';
import { constants as osConstants } from 'node:os';
import type { Subprocess } from 'bun';
import type { ContainerState } from '../../core/worker/spec.ts';
import { within } from '../within.ts';
import type { InstanceLog } from './log.ts';
import { pump } from './pump.ts';

/** How user code is started. */
export interface Launch {
  command: string[];
  cwd: string;
  env: Record<string, string | undefined>;
}

/** How Bun tells the signal that ended a process: a number when it has no name for it. */
type Signal = Subprocess['signalCode'] | number;

/** How long output is still read after the end of a process; a grandchild may keep the pipe open for ever. */
const LAST_OUTPUT_MS = 500;

/**
 * User code in a process group of its own. A guard (a shell that waits for the end of its stdin) kills that group
 * when this host is killed and can't.
 */
export class ProcessorProcess {
  readonly startedAt = new Date();
  /** Resolves when the process has ended, its group is killed and its last output is in the log. */
  readonly ended: Promise<ContainerState>;
  private readonly child: Subprocess<'ignore', 'pipe', 'pipe'>;
  private readonly guard: Subprocess<'pipe', 'ignore', 'ignore'>;
  private readonly outOfMemoryKills = countOutOfMemoryKills();

  constructor(launch: Launch, log: InstanceLog) {
    this.child = Bun.spawn(launch.command, {
      cwd: launch.cwd,
      env: launch.env,
      stdin: 'ignore',
      stdout: 'pipe',
      stderr: 'pipe',
      detached: true,
    });
    this.guard = Bun.spawn(['/bin/sh', '-c', 'read -r _; kill -9 "-$1"', 'sh', String(this.child.pid)], {
      stdin: 'pipe',
      stdout: 'ignore',
      stderr: 'ignore',
      detached: true,
    });
    const output = Promise.all([pump(this.child.stdout, log), pump(this.child.stderr, log)]);
    this.ended = this.watch(output);
  }

  get pid(): number {
    return this.child.pid;
  }

  /** Signals the whole group; a group that is gone is no error. */
  signal(name: NodeJS.Signals): void {
    try {
      process.kill(-this.child.pid, name);
    } catch {
      // Ended in between.
    }
  }

  private async watch(output: Promise<unknown>): Promise<ContainerState> {
    await this.child.exited;
    this.signal('SIGKILL');
    this.guard.kill('SIGKILL');
    await within(output, LAST_OUTPUT_MS);
    const { exitCode, signalCode } = this.child;
    return {
      exitCode: exitCode ?? 128 + signalNumber(signalCode),
      startedAt: wholeSeconds(this.startedAt),
      finishedAt: wholeSeconds(new Date()),
      reason: this.reason(exitCode, signalCode),
    };
  }

  private reason(exitCode: number | null, signal: Signal): string {
    if (signal === 'SIGKILL' && countOutOfMemoryKills() > this.outOfMemoryKills) return 'OOMKilled';
    if (signal) return String(signal);
    return exitCode === 0 ? 'Completed' : 'Error';
  }
}

function signalNumber(signal: Signal): number {
  return typeof signal === 'string' ? osConstants.signals[signal] : (signal ?? 0);
}

function wholeSeconds(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}

/** The kernel's count of processes killed for memory (Linux); 0 where nobody counts. */
function countOutOfMemoryKills(): number {
  try {
    return Number(/^oom_kill (\d+)$/m.exec(readFileSync('/proc/vmstat', 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
