import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { RawReport } from '../../core/benchmark/report.ts';
import { apiTime } from '../clock.ts';
import { podName } from '../service/names.ts';
import type { Config } from '../service/spec.ts';
import type { BenchmarkSummary } from '../state/benchmarks.ts';
import { isExpired } from './retention.ts';
import { Run, type RunParts } from './run.ts';
import { type BenchmarkSettings, readSettings } from './settings.ts';
import { Statistics } from './statistics.ts';

const SWEEP_MS = 30_000;

/** `benchmark-<service with _ as ->-<4 hex>` (eascmd.md 2.14). */
export const newTaskName = (service: string) =>
  `benchmark-${podName(service)}-${randomBytes(2).toString('hex')}`;

/** The benchmark tasks of this Local EAS; those that run have a Run. */
export class BenchmarkTasks {
  private readonly runs = new Map<string, Run>();
  private sweeper: Timer | undefined;
  private isHalted = false;

  constructor(
    private readonly parts: RunParts,
    /** Holds the data of runs. */
    private readonly folder: string,
  ) {}

  /** Goes on after a start of Local EAS: what had not begun begins, what was interrupted is over, with what it counted. */
  begin(): void {
    this.try('the data of earlier runs stays', () => rmSync(this.folder, { recursive: true, force: true }));
    for (const row of this.parts.state.benchmarks.all()) {
      this.try(`benchmark task ${row.name} is left as it is`, () => this.goOn(row));
    }
    const sweep = () => this.try('ended benchmark tasks stay', () => this.sweep());
    this.sweeper = setInterval(sweep, SWEEP_MS);
    sweep();
  }

  /** One task, or a full disk, must not keep the services from starting. */
  private try(otherwise: string, step: () => void): void {
    try {
      step();
    } catch (error) {
      this.parts.log(`${otherwise}: ${error}`);
    }
  }

  private goOn({ name, status, config }: BenchmarkSummary): void {
    if (status === 'Deleting') this.parts.state.benchmarks.remove(name);
    else if (status === 'Creating' || status === 'Starting')
      this.launch(name, readSettings(JSON.parse(config) as Config));
    else if (['Running', 'Updating', 'Stopping'].includes(status)) this.settle(name);
  }

  /** Starts a run of a task that has none; while Local EAS ends, the next one does. */
  launch(name: string, settings: BenchmarkSettings): void {
    if (this.isHalted) return;
    const run = new Run(this.parts, name, settings, join(this.folder, name), () => this.runs.delete(name));
    this.runs.set(name, run);
    run.start();
  }

  /** Ends a task on paper whose run is over: with an earlier daemon, or while the disk was full. */
  settle(name: string): void {
    this.parts.state.benchmarks.change(name, { ...interrupted, ended_at: apiTime() });
  }

  isBusy(name: string): boolean {
    return this.runs.has(name);
  }

  availableAgents(name: string): number {
    return this.runs.get(name)?.availableAgents ?? 0;
  }

  takesUpdates(name: string): boolean {
    return this.runs.get(name)?.takesUpdates === true;
  }

  update(name: string, settings: BenchmarkSettings): void {
    this.runs.get(name)?.update(settings);
  }

  /** Resolves when no agent is left; state.db has its status `Stopped` then. */
  async stop(name: string): Promise<void> {
    await this.runs
      .get(name)
      ?.end({ status: 'Stopped', message: 'Benchmark task is Stopped', reason: 'it was stopped' });
  }

  async remove(name: string): Promise<void> {
    await this.stop(name);
    this.parts.state.benchmarks.remove(name);
  }

  /** Of the run that goes on, or of the last one. */
  report(name: string): RawReport {
    const run = this.runs.get(name);
    if (run) return run.report();
    const kept = this.parts.state.benchmarks.reportOf(name);
    return kept === undefined ? new Statistics().report(0) : (JSON.parse(kept) as RawReport);
  }

  async halt(): Promise<void> {
    this.isHalted = true;
    clearInterval(this.sweeper);
    await Promise.all([...this.runs.values()].map((run) => run.end()));
  }

  private sweep(): void {
    const { benchmarks } = this.parts.state;
    for (const row of benchmarks.all().filter(({ name }) => !this.runs.has(name)))
      if (isExpired(row, Date.now())) benchmarks.remove(row.name);
  }
}

const interrupted = {
  status: 'Stopped',
  message: 'Benchmark task is Stopped',
  reason: 'Local EAS ended during the test',
};
