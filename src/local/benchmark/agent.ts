import type { AgentCommand, AgentEvent, AgentSpec, Pressure } from '../../core/benchmark/agent.ts';
import { eachLine } from '../../core/process/lines.ts';
import type { LaunchedChild, Launcher } from '../process/launcher.ts';

/** An agent that does not leave when told is ended after this long. */
const LEAVE_MS = 5_000;
/** The times of a second are the longest line. */
const MOST_LINE_BYTES = 1024 * 1024;

export interface AgentListener {
  onEvent(agent: Agent, event: AgentEvent): void;
  /** It ended without having been told to. */
  onLost(agent: Agent): void;
}

/** One `__load` process (core/benchmark/agent.ts). */
export class Agent {
  private readonly child: LaunchedChild;
  private hasEnded = false;
  isRunning = false;
  /** Told to end, or done with its requests. */
  isLeaving = false;
  readonly exited: Promise<void>;

  constructor(launcher: Launcher, task: string, spec: AgentSpec, listener: AgentListener) {
    this.child = launcher.start('__load', { what: `agent of ${task}` });
    this.child.send(spec);
    this.exited = this.follow(listener);
  }

  press(pressure: Pressure): void {
    this.child.send({ type: 'pressure', pressure } satisfies AgentCommand);
  }

  /** Resolves when the process is gone; what it counted has come by then. */
  async leave(): Promise<void> {
    this.isLeaving = true;
    this.child.send({ type: 'stop' } satisfies AgentCommand);
    const late = setTimeout(() => this.child.process.kill('SIGKILL'), LEAVE_MS);
    if (this.hasEnded) this.child.endInput();
    await this.exited;
    clearTimeout(late);
  }

  private async follow(listener: AgentListener): Promise<void> {
    const { process } = this.child;
    const read = (line: string) => {
      const event = JSON.parse(line) as AgentEvent;
      if (event.type === 'running') this.isRunning = true;
      if (event.type === 'ended') {
        this.hasEnded = true;
        this.isRunning = false;
        this.child.endInput();
      }
      listener.onEvent(this, event);
    };
    await eachLine(process.stdout, read, MOST_LINE_BYTES).catch(() => {});
    await process.exited;
    this.child.forget();
    this.isRunning = false;
    if (!this.hasEnded && !this.isLeaving) listener.onLost(this);
  }
}
