import { rmSync } from 'node:fs';
import type { AgentEvent, AgentSpec } from '../../core/benchmark/agent.ts';
import type { RawReport } from '../../core/benchmark/report.ts';
import { apiTime } from '../clock.ts';
import type { State } from '../state/state.ts';
import { Agent } from './agent.ts';
import { type DataTools, layOutData } from './data.ts';
import { PressureControl } from './pressure.ts';
import type { BenchmarkSettings } from './settings.ts';
import { Statistics } from './statistics.ts';

/** A killed daemon loses what was counted since. */
const SAVE_SECONDS = 2;
/** How long a service may take until an instance is ready, e.g. after a start of Local EAS. */
const PATIENCE_MS = 60_000;
const LOOK_MS = 200;

export interface RunParts extends DataTools {
  state: State;
  /** Where a service is; undefined when there is none. */
  destination(service: string): Destination | undefined;
  log(line: string): void;
}

export interface Destination {
  url: string;
  token: string;
  /** Status of the service. */
  status: string;
  hasReadyInstance: boolean;
}

type End = { status: string; message: string; reason: string };

/** One run of a task, from its data to the last agent; what becomes of it stands in state.db. */
export class Run {
  private readonly statistics = new Statistics();
  private readonly control: PressureControl;
  private readonly abort = new AbortController();
  private agents: Agent[] = [];
  /** Agents that an update has taken away. */
  private readonly departing: Promise<void>[] = [];
  private files: string[] = [];
  private startedMs: number | undefined;
  private endedMs: number | undefined;
  private ticker: Timer | undefined;
  private ticks = 0;
  private stepAt = 0;
  private starting: Promise<void> | undefined;
  private ending: Promise<void> | undefined;
  private isUpdating = false;
  /** The last one that was written. */
  private message = '';
  /** Agents that have not yet said that they press as told. */
  private readonly unconfirmed = new Set<Agent>();

  constructor(
    private readonly parts: RunParts,
    readonly name: string,
    private settings: BenchmarkSettings,
    private readonly folder: string,
    /** Called once, when everything is written. */
    private readonly onEnd: () => void,
  ) {
    this.control = new PressureControl(settings);
  }

  get availableAgents(): number {
    return this.ending ? 0 : this.agents.filter(({ isRunning }) => isRunning).length;
  }

  report(): RawReport {
    return this.statistics.report(this.seconds);
  }

  /** Fetches the data and starts the agents. What goes wrong is the end of the run. */
  start(): void {
    this.starting = this.prepare();
  }

  private async prepare(): Promise<void> {
    try {
      const onProgress = (message: string) => this.say(message);
      this.files = await layOutData(this.settings, this.folder, this.parts, onProgress, this.abort.signal);
      await this.untilServed();
      if (this.ending) return;
      this.change({ status: 'Starting', message: 'Succeed to start benchmark master' });
      for (let at = 0; at < this.settings.agents; at++) this.launch(this.requestsOf(at));
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      // Not awaited: the end waits for this very step.
      void this.end({ status: 'CreateFailed', message, reason: '' });
    }
  }

  /** A test of a service without an instance would measure its gateway. Throws when none comes. */
  private async untilServed(): Promise<void> {
    const { service } = this.settings;
    for (const began = Date.now(); !this.ending; await Bun.sleep(LOOK_MS)) {
      const to = this.parts.destination(service);
      if (!to) throw new Error(gone(service));
      if (to.hasReadyInstance) return;
      const isHopeless = ['Stopped', 'Stopping', 'Deleting'].includes(to.status);
      if (isHopeless || Date.now() - began > PATIENCE_MS)
        throw new Error(`Service [${service}] is ${to.status}: it has no instance that could be tested`);
      this.say(`Waiting for an instance of service [${service}]`);
    }
  }

  /** Whether `update` makes sense: it has begun, and no end is under way. */
  get takesUpdates(): boolean {
    return this.ticker !== undefined && !this.ending;
  }

  /** Another pressure for a running test of mode manual. */
  update(settings: BenchmarkSettings): void {
    if (!this.takesUpdates) return;
    this.settings = settings;
    this.control.change(settings);
    this.isUpdating = true;
    this.change({ status: 'Updating', message: 'Benchmark task is Updating' });
    const pressure = this.control.forEach(settings.agents);
    for (const agent of this.agents.splice(settings.agents)) {
      this.unconfirmed.delete(agent);
      this.departing.push(agent.leave());
    }
    for (const agent of this.pressing) {
      this.unconfirmed.add(agent);
      agent.press(pressure);
    }
    while (!this.ending && this.agents.length < settings.agents) this.launch(undefined);
  }

  /** Ends the run; resolves when no agent is left. Without `end` its status stays, for the next Local EAS to judge. */
  end(end?: End): Promise<void> {
    this.ending ??= this.close(end);
    return this.ending;
  }

  /** Agents that have not sent all they were given. */
  private get pressing(): Agent[] {
    return this.agents.filter(({ isLeaving }) => !isLeaving);
  }

  private get seconds(): number {
    if (this.startedMs === undefined) return 0;
    return Math.round(((this.endedMs ?? Date.now()) - this.startedMs) / 10) / 100;
  }

  private launch(requests: number | undefined): void {
    const { settings, parts } = this;
    const to = parts.destination(settings.service);
    if (!to) {
      this.fail(gone(settings.service));
      return;
    }
    const spec: AgentSpec = {
      url: to.url,
      headers: headersOf(settings, to.token),
      files: this.files,
      isMultiLine: settings.isMultiLine,
      timeoutMs: settings.timeoutMs,
      pressure: this.control.forEach(settings.agents),
      requests,
    };
    const agent = new Agent(parts.launcher, this.name, spec, {
      onEvent: (from, event) => this.hear(from, event),
      onLost: () => this.fail('an agent ended by itself'),
    });
    this.agents.push(agent);
    this.unconfirmed.add(agent);
  }

  /** Each agent's part of base.requestCount. */
  private requestsOf(at: number): number | undefined {
    const { requests, agents } = this.settings;
    if (requests === undefined) return undefined;
    return Math.floor(requests / agents) + (at < requests % agents ? 1 : 0);
  }

  private hear(agent: Agent, event: AgentEvent): void {
    // The first agent sends while others still start.
    if (event.type === 'running') this.startedMs ??= Date.now();
    if (event.type === 'second') this.statistics.add(event);
    else if (event.type === 'error') this.fail(event.message);
    else if (event.type === 'running' || event.type === 'pressed') this.confirmed(agent);
    else if (event.type === 'ended' && !agent.isLeaving) {
      agent.isLeaving = true;
      if (this.agents.every(({ isLeaving }) => isLeaving)) this.complete('all requests are sent');
    }
  }

  private confirmed(agent: Agent): void {
    this.unconfirmed.delete(agent);
    if (this.unconfirmed.size > 0 || this.ending) return;
    if (!this.ticker) {
      this.change({ status: 'Running', message: 'Benchmark task is Running' });
      this.ticker = setInterval(() => this.tick(), 1000);
    } else if (this.isUpdating) {
      this.isUpdating = false;
      // The message follows with the next tick, as in the sample of eascmd.md 2.14.
      this.change({ status: 'Running' });
    }
  }

  private tick(): void {
    this.ticks++;
    const { settings, control } = this;
    if (this.seconds >= settings.seconds) this.complete('the duration is over');
    else if (!this.parts.destination(settings.service)) this.fail(gone(settings.service));
    else if (this.ticks - this.stepAt >= control.stepSeconds) this.step();
    if (this.ending) return;
    if (!this.isUpdating) this.say('Benchmark task is Running');
    if (this.ticks % SAVE_SECONDS === 0) this.save();
  }

  private step(): void {
    const seen = this.statistics.takeStep(this.agents.length);
    if (!seen) return;
    this.stepAt = this.ticks;
    const over = this.control.step(seen);
    if (over !== undefined) this.complete(over);
    else if (this.settings.mode !== 'manual') {
      const { pressing } = this;
      const pressure = this.control.forEach(pressing.length);
      for (const agent of pressing) agent.press(pressure);
    }
  }

  private complete(reason: string): void {
    void this.end({ status: 'Stopped', message: 'Benchmark task is Stopped', reason });
  }

  private fail(message: string): void {
    const status = !this.ticker ? 'CreateFailed' : this.isUpdating ? 'UpdateFailed' : 'Error';
    void this.end({ status, message, reason: '' });
  }

  private async close(end: End | undefined): Promise<void> {
    this.abort.abort();
    clearInterval(this.ticker);
    this.endedMs = Date.now();
    await this.starting;
    await Promise.all([...this.departing, ...this.agents.map((agent) => agent.leave())]);
    try {
      rmSync(this.folder, { recursive: true, force: true });
    } catch (error) {
      this.parts.log(`benchmark task ${this.name}: its data stays until the next start: ${error}`);
    }
    this.save();
    if (end) {
      this.change({ ...end, ended_at: apiTime() });
      this.parts.log(`benchmark task ${this.name}: ${end.status}, ${end.reason || end.message}`);
    }
    this.onEnd();
  }

  private save(): void {
    if (this.startedMs !== undefined) this.change({ report: JSON.stringify(this.report()) });
  }

  private say(message: string): void {
    if (message !== this.message) this.change({ message });
  }

  private change(change: Parameters<State['benchmarks']['change']>[1]): void {
    this.message = change.message ?? this.message;
    try {
      this.parts.state.benchmarks.change(this.name, change);
    } catch (error) {
      // A full disk, say: the test goes on, and so does its end.
      this.parts.log(
        `benchmark task ${this.name}: ${JSON.stringify(change.status ?? 'progress')} is not stored: ${error}`,
      );
    }
  }
}

const gone = (service: string) => `Service [${service}] is gone`;

/** The document's own headers win; the token is the one it names, or the service's. */
function headersOf({ headers, requestToken }: BenchmarkSettings, token: string): [string, string][] {
  const defaults: [string, string][] = [
    ['User-Agent', 'eas-benchmark'],
    ['Accept', '*/*'],
    ['Content-Type', 'application/octet-stream'],
    ['Authorization', requestToken ?? token],
  ];
  const given = new Set(headers.map(([name]) => name.toLowerCase()));
  return [...defaults.filter(([name, value]) => value !== '' && !given.has(name.toLowerCase())), ...headers];
}
