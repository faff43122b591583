import { eachLine } from '../../core/process/lines.ts';
import type { WorkerCommand, WorkerEvent, WorkerSpec } from '../../core/worker/spec.ts';
import type { LaunchedChild, Launcher } from '../process/launcher.ts';
import { patience } from '../process/patience.ts';

/** How long events are still read after the end of the process: one that outlives it may keep the pipe open for ever. */
const LAST_EVENTS_MS = 1000;

export interface WorkerExit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface WorkerListener {
  onEvent(event: WorkerEvent): void;
  /** Called once, after the last event. */
  onExit(exit: WorkerExit): void;
}

/** One `__worker` process, or `__container` when its spec asks for one: spec and commands in, events out. */
export class WorkerProcess {
  private readonly child: LaunchedChild;
  readonly exited: Promise<void>;
  private hasEnded = false;

  constructor(launcher: Launcher, spec: WorkerSpec, listener: WorkerListener) {
    this.child = launcher.start(spec.container ? '__container' : '__worker', {
      what: `instance ${spec.instance}`,
      stderrFile: spec.logFile,
    });
    this.child.send(spec);
    this.exited = this.follow(listener);
  }

  get pid(): number {
    return this.child.process.pid;
  }

  drain(): void {
    this.child.send({ type: 'drain' } satisfies WorkerCommand);
  }

  /** Tells it to end; the end of its stdin says the same to one that doesn't listen any more. */
  stop(): void {
    this.child.send({ type: 'stop' } satisfies WorkerCommand);
    this.child.endInput();
  }

  kill(): void {
    this.child.process.kill('SIGKILL');
  }

  private async follow(listener: WorkerListener): Promise<void> {
    const { process } = this.child;
    const reading = eachLine(process.stdout, (line) => {
      const event = readEvent(line);
      if (event && !this.hasEnded) listener.onEvent(event);
    }).catch(() => {});
    await process.exited;
    await patience([reading], LAST_EVENTS_MS);
    this.hasEnded = true;
    this.child.forget();
    listener.onExit({ code: process.exitCode, signal: process.signalCode as NodeJS.Signals | null });
  }
}

function readEvent(line: string): WorkerEvent | undefined {
  try {
    return JSON.parse(line) as WorkerEvent;
  } catch {
    return undefined;
  }
}
