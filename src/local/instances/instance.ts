import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import type { ContainerState, WorkerEvent, WorkerSpec } from '../../core/worker/spec.ts';
import { apiTime } from '../clock.ts';
import type { Launcher } from '../process/launcher.ts';
import { patience } from '../process/patience.ts';
import { type Backoff, nextFailures, pauseMs } from './backoff.ts';
import { type WorkerExit, WorkerProcess } from './worker.ts';

/**
 * pending: its process is not up yet; starting: up, the processor is not ready; ready: takes traffic; down: between
 * two starts, or given up; draining: finishes what it has; gone: nothing is left of it.
 */
export type InstancePhase = 'pending' | 'starting' | 'ready' | 'down' | 'draining' | 'gone';

export interface InstanceIdentity {
  name: string;
  version: number;
  revision: number;
  /** RFC 3339 in UTC. */
  createdAt: string;
}

export interface InstanceHistory {
  restarts: number;
  lastState: ContainerState | undefined;
}

export interface InstanceOwner {
  /** Anything that `w` would show has changed. */
  changed(instance: Instance, news: string | undefined): void;
  /** Restarts or the last state have changed and are to be remembered. */
  remember(instance: Instance): void;
}

/** A worker process that has not said where it listens by then is broken, and is started again. */
const LISTEN_PATIENCE_MS = 30_000;
/** How long a worker that was told to stop may take before it is killed. */
const STOP_PATIENCE_MS = 5000;

/** One instance of a service: a worker process, started again with growing pauses when it dies. */
export class Instance {
  phase: InstancePhase = 'pending';
  /** Failures in a row; a steady spell clears them. */
  failures = 0;
  /** It stays down until someone acts (`runtime.enable_crash_block`). */
  isBlocked = false;
  /** Why it is not ready, in one line. */
  message = '';
  startedAt = apiTime();
  port: number | undefined;
  link: string | undefined;
  readonly secret = randomBytes(24).toString('base64url');
  requests = 0;

  private worker: WorkerProcess | undefined;
  private timer: Timer | undefined;
  private readyAt: number | undefined;
  /** Restarts counted by the worker process that runs now; `history.restarts` has those before it. */
  private innerRestarts = 0;
  private drained: (() => void) | undefined;

  constructor(
    readonly identity: InstanceIdentity,
    readonly history: InstanceHistory,
    private readonly spec: () => WorkerSpec,
    private readonly launcher: Launcher,
    private readonly backoff: Backoff,
    private readonly owner: InstanceOwner,
  ) {}

  get restarts(): number {
    return this.history.restarts + this.innerRestarts;
  }

  /** Its process; the processor is below it. */
  get pid(): number | undefined {
    return this.worker?.pid;
  }

  get isAlive(): boolean {
    return this.phase !== 'draining' && this.phase !== 'gone';
  }

  get graceMs(): number {
    return this.spec().graceMs;
  }

  /** Starts the worker process. A failure to do so counts like a crash. */
  start(): void {
    if (!this.isAlive) return;
    clearTimeout(this.timer);
    this.phase = 'pending';
    this.port = undefined;
    this.link = undefined;
    this.readyAt = undefined;
    this.startedAt = apiTime();
    try {
      const spec = { ...this.spec(), secret: this.secret };
      rmSync(spec.runDir, { recursive: true, force: true });
      mkdirSync(spec.runDir, { recursive: true, mode: 0o700 });
      const worker: WorkerProcess = new WorkerProcess(this.launcher, spec, {
        onEvent: (event) => this.onEvent(event),
        onExit: (exit) => this.onExit(exit),
      });
      this.worker = worker;
      this.expectListening();
      this.owner.changed(this, undefined);
    } catch (error) {
      this.message = `its process can't be started: ${error instanceof Error ? error.message : String(error)}`;
      this.onExit({ code: 127, signal: null });
    }
  }

  /** Starts a waiting or blocked instance now, and gives it all its tries again. */
  retry(): void {
    this.failures = 0;
    if (this.phase === 'down') this.start();
  }

  /** Ends the process and starts it anew under the same name. */
  restart(): void {
    if (this.phase === 'down') this.retry();
    else if (this.isAlive) this.worker?.kill();
  }

  /** Takes the instance out of traffic for good, lets it finish, and ends it; resolves when its process is gone. */
  async drain(retire: () => Promise<void>): Promise<void> {
    const wasUp = this.phase === 'ready';
    this.leave('draining');
    if (wasUp && this.worker) {
      await retire();
      await this.finish();
    }
    await this.end();
  }

  /** Ends the process without waiting for what it does; resolves when it is gone. */
  async halt(): Promise<void> {
    this.leave('draining');
    await this.end();
  }

  private expectListening(): void {
    clearTimeout(this.timer);
    if (this.isAlive) this.timer = setTimeout(() => this.worker?.kill(), LISTEN_PATIENCE_MS);
  }

  private leave(phase: 'draining'): void {
    clearTimeout(this.timer);
    this.phase = phase;
    this.owner.changed(this, undefined);
  }

  private async finish(): Promise<void> {
    const { worker } = this;
    if (!worker) return;
    const drained = new Promise<void>((resolve) => {
      this.drained = resolve;
    });
    worker.drain();
    await patience([drained, worker.exited], this.graceMs);
  }

  private async end(): Promise<void> {
    const { worker } = this;
    if (worker) {
      worker.stop();
      if (!(await patience([worker.exited], STOP_PATIENCE_MS))) worker.kill();
      await worker.exited;
    }
    this.phase = 'gone';
    rmSync(this.spec().runDir, { recursive: true, force: true });
    this.owner.changed(this, undefined);
  }

  private onEvent(event: WorkerEvent): void {
    switch (event.type) {
      case 'listening':
        this.port = event.port;
        this.link = event.link;
        clearTimeout(this.timer);
        if (this.phase === 'pending') this.phase = 'starting';
        break;
      case 'ready':
        this.readyAt = Date.now();
        this.message = '';
        if (this.isAlive) this.phase = 'ready';
        break;
      case 'exited':
        this.onProcessorExit(event);
        return;
      case 'metrics':
        this.requests = event.requests;
        return;
      case 'drained':
        this.drained?.();
        return;
      case 'pulling':
        this.message = `fetching the image ${event.image}`;
        clearTimeout(this.timer);
        break;
      case 'pulled':
      case 'created':
        this.message = '';
        this.expectListening();
        break;
      case 'fatal':
        this.message = event.hint ? `${event.message}; ${event.hint}` : event.message;
        return;
    }
    this.owner.changed(this, event.type === 'ready' ? 'ready' : undefined);
  }

  /** The worker goes on; its processor is being restarted, or stays down. */
  private onProcessorExit(event: Extract<WorkerEvent, { type: 'exited' }>): void {
    this.failed(event.state, event.message);
    this.innerRestarts = event.restarts;
    this.isBlocked = !event.willRestart;
    if (this.isAlive) this.phase = event.willRestart ? 'starting' : 'down';
    this.owner.remember(this);
    this.owner.changed(this, event.message || `ended with ${event.state.reason}`);
  }

  private onExit(exit: WorkerExit): void {
    this.worker = undefined;
    if (!this.isAlive) return;
    const how = exit.signal ?? `code ${exit.code}`;
    this.failed(
      {
        exitCode: exit.code ?? signalCode(exit.signal),
        startedAt: this.startedAt,
        finishedAt: apiTime(),
        reason: exit.signal === 'SIGKILL' || !exit.signal ? 'Error' : exit.signal,
      },
      this.message || `its process ended with ${how}`,
    );
    this.history.restarts += this.innerRestarts + 1;
    this.innerRestarts = 0;
    this.phase = 'down';
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.start(), pauseMs(this.failures, this.backoff));
    this.owner.remember(this);
    this.owner.changed(this, this.message);
  }

  private failed(state: ContainerState, message: string): void {
    const readyForMs = this.readyAt === undefined ? 0 : Date.now() - this.readyAt;
    this.failures = nextFailures(this.failures, readyForMs, this.backoff);
    this.readyAt = undefined;
    this.history.lastState = state;
    this.message = message;
  }
}

const signalNumbers: Record<string, number> = { SIGINT: 2, SIGABRT: 6, SIGKILL: 9, SIGSEGV: 11, SIGTERM: 15 };
const signalCode = (signal: string | null) => 128 + (signalNumbers[signal ?? ''] ?? 0);
