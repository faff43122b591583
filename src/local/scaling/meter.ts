import { addressOf } from '../release/pair.ts';
import { readSpec } from '../service/read.ts';
import type { Config } from '../service/spec.ts';
import type { ServiceRow } from '../state/services.ts';
import type { State } from '../state/state.ts';
import { cpuSeconds } from './cpu.ts';
import { RateWindow } from './window.ts';

/** What is known about load, asked of the gateway and the lifecycle. */
export interface LoadSources {
  /** Requests handed to instances so far, and those for which there was no instance. */
  requests(service: string): { served: number; unserved: number };
  /** Process ids of the ready instances. */
  workers(serviceId: string): number[];
}

const WINDOW_MS = 15_000;
const LEAST_MS = 1500;

/** Measures the load of one service, look by look. */
export class LoadMeter {
  private readonly requests = new RateWindow(WINDOW_MS, LEAST_MS);
  private readonly cpu = new Map<number, RateWindow>();
  /** Requests came between the last two looks. */
  isBusy = false;
  private total: number | undefined;
  private busyAtMs: number;

  constructor(
    private readonly state: State,
    private readonly sources: LoadSources,
    nowMs: number,
  ) {
    this.busyAtMs = nowMs;
  }

  look(row: ServiceRow, nowMs: number, hasCpu: boolean): void {
    const { served } = this.sources.requests(row.name);
    const { unserved } = this.sources.requests(addressOf(this.state, row).path);
    const total = served + unserved;
    this.isBusy = this.total !== undefined && total > this.total;
    if (this.isBusy) this.busyAtMs = nowMs;
    this.total = total;
    this.requests.add(nowMs, total);
    if (hasCpu) this.lookAtCpu(row, nowMs);
  }

  /** Requests a second of the whole service. */
  qps(): number | undefined {
    return this.requests.rate();
  }

  /** Percent of the CPU that an instance asks for, averaged over the ready ones. */
  cpuPercent(row: ServiceRow): number | undefined {
    const rates = [...this.cpu.values()].map((window) => window.rate()).filter((rate) => rate !== undefined);
    if (rates.length === 0) return undefined;
    const cores = readSpec(JSON.parse(row.config) as Config).cpu || 1;
    return (100 * rates.reduce((sum, rate) => sum + rate, 0)) / rates.length / cores;
  }

  idleMs(nowMs: number): number {
    return nowMs - this.busyAtMs;
  }

  private lookAtCpu(row: ServiceRow, nowMs: number): void {
    const pids = this.sources.workers(row.id);
    for (const pid of [...this.cpu.keys()]) if (!pids.includes(pid)) this.cpu.delete(pid);
    for (const [index, seconds] of cpuSeconds(pids).entries()) {
      const pid = pids[index]!;
      if (!this.cpu.has(pid)) this.cpu.set(pid, new RateWindow(WINDOW_MS, LEAST_MS));
      this.cpu.get(pid)!.add(nowMs, seconds);
    }
  }
}
