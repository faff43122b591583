import { EasError } from '../../core/errors.ts';
import { nextRestart } from '../../core/worker/restart.ts';
import type { ContainerState } from '../../core/worker/spec.ts';
import type { InstanceLog } from './log.ts';
import { type Launch, ProcessorProcess } from './process.ts';

const MESSAGE_LINES = 10;

export interface ProcessorExit {
  state: ContainerState;
  restarts: number;
  willRestart: boolean;
  delayMs: number;
  message: string;
}

export interface SupervisorOptions {
  /** Made anew for every start; throws EasError when the package can't be started as it is. */
  launch: () => Promise<Launch>;
  log: InstanceLog;
  startTimeoutMs: number;
  crashBlock: boolean;
  onExit: (exit: ProcessorExit) => void;
}

/** Keeps user code running: starts it, notices its end, starts it again after a growing pause. */
export class Supervisor {
  private current: ProcessorProcess | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private startTimer: ReturnType<typeof setTimeout> | undefined;
  private readyAt: number | undefined;
  /** Why this start was ended by the host itself. */
  private refusal: string | undefined;
  private failures = 0;
  private restarts = 0;
  private stopped = false;
  /** Counts starts; the end of one that was replaced is nobody's news. */
  private generation = 0;

  constructor(private readonly options: SupervisorOptions) {}

  async start(): Promise<void> {
    const generation = ++this.generation;
    const isOver = () => this.stopped || generation !== this.generation;
    this.readyAt = undefined;
    this.refusal = undefined;
    this.options.log.begin();
    const begun = new Date();
    try {
      const launch = await this.options.launch();
      if (isOver()) return;
      this.current = new ProcessorProcess(launch, this.options.log);
    } catch (error) {
      if (isOver()) return;
      return this.notStarted(begun, error);
    }
    const { startTimeoutMs } = this.options;
    this.startTimer = setTimeout(
      () => this.refuse(`the processor was not ready within ${startTimeoutMs / 1000} s and was stopped`),
      startTimeoutMs,
    );
    const state = await this.current.ended;
    this.current = undefined;
    clearTimeout(this.startTimer);
    if (!isOver()) this.exited(state, this.messageOf(state));
  }

  /** Replaces user code by a new start of it, at once or after `lastAnswers`; failures before don't count. */
  async restart(lastAnswers: Promise<unknown>): Promise<void> {
    clearTimeout(this.timer);
    const generation = ++this.generation;
    this.failures = 0;
    const { current } = this;
    if (current) {
      await Promise.race([lastAnswers, current.ended]);
      current.signal('SIGKILL');
      await current.ended;
    }
    if (!this.stopped && generation === this.generation) await this.start();
  }

  /** Ends a start that is not ready yet, for a reason of the host's own. */
  refuse(reason: string): void {
    this.refusal = reason;
    this.current?.signal('SIGKILL');
  }

  /** The processor takes requests. */
  markReady(): void {
    clearTimeout(this.startTimer);
    this.readyAt = performance.now();
  }

  /** Ends user code for good: SIGTERM first when `graceMs` is above 0, SIGKILL after that. */
  async stop(graceMs: number): Promise<void> {
    this.kill();
    const { current } = this;
    if (!current) return;
    if (graceMs > 0) {
      current.signal('SIGTERM');
      const timer = setTimeout(() => current.signal('SIGKILL'), graceMs);
      await current.ended;
      clearTimeout(timer);
    } else {
      current.signal('SIGKILL');
      await current.ended;
    }
  }

  /** Ends user code at once, without waiting to see it. */
  kill(signalNow = false): void {
    this.stopped = true;
    clearTimeout(this.timer);
    clearTimeout(this.startTimer);
    if (signalNow) this.current?.signal('SIGKILL');
  }

  private notStarted(begun: Date, error: unknown): void {
    const message = error instanceof EasError ? error.message : (error as Error).message;
    const at = `${begun.toISOString().slice(0, 19)}Z`;
    this.options.log.line(message);
    this.exited({ exitCode: 128, startedAt: at, finishedAt: at, reason: 'Error' }, message);
  }

  private exited(state: ContainerState, message: string): void {
    const readyMs = this.readyAt === undefined ? 0 : performance.now() - this.readyAt;
    const { failures, delayMs } = nextRestart({ failures: this.failures, readyMs });
    this.failures = failures;
    const willRestart = !this.options.crashBlock;
    if (willRestart) this.restarts++;
    this.options.log.line(message.split('\n', 1)[0]!);
    this.options.onExit({
      state,
      restarts: this.restarts,
      willRestart,
      delayMs: willRestart ? delayMs : 0,
      message,
    });
    if (willRestart && !this.stopped) this.timer = setTimeout(() => this.start(), delayMs);
  }

  private messageOf(state: ContainerState): string {
    const lines = this.options.log.lastLines(MESSAGE_LINES);
    const how =
      state.exitCode > 128 && state.reason !== 'Error'
        ? `was ended by ${state.reason}`
        : `exited with code ${state.exitCode}`;
    const loading = this.readyAt === undefined ? ' while loading' : '';
    const what = this.refusal ?? `the processor ${how}${loading}`;
    const cause = lines.at(-1)?.trim();
    return cause ? `${what}: ${cause}\nIts last output:\n${lines.join('\n')}` : `${what}; it printed nothing`;
  }
}
