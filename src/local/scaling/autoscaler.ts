import type { Config } from '../service/spec.ts';
import type { ServiceRow } from '../state/services.ts';
import type { State } from '../state/state.ts';
import { type AutoSettings, readAutoSettings, type Strategy } from './auto-settings.ts';
import { LoadMeter, type LoadSources } from './meter.ts';
import { bounded, type Measure, type Recommendation, recommended, stabilized } from './recommend.ts';

export interface CurrentMetric {
  metricName: string;
  service: string;
  value: number;
}

/** What is remembered of one autoscaled service between two looks. */
interface Memory {
  settings: AutoSettings;
  text: string;
  history: Recommendation[];
}

/** Changes the number of instances: the service, how many, and why. */
export type Resize = (row: ServiceRow, instances: number, reason: string) => void;

/** Looks at the load of autoscaled services and resizes them (openapi.md section 5, eascmd.md 3.7). */
export class AutoScaler {
  private readonly memories = new Map<string, Memory>();
  private readonly meters = new Map<string, LoadMeter>();

  constructor(
    private readonly state: State,
    private readonly sources: LoadSources,
    private readonly resize: Resize,
  ) {}

  tick(nowMs: number): void {
    const stored = this.state.scalers.all('auto');
    const ids = new Set(stored.map(({ service_id }) => service_id));
    for (const id of [...this.memories.keys()]) if (!ids.has(id)) this.memories.delete(id);
    const measured = new Set<string>();
    for (const { service_id: id, settings } of stored) {
      const row = this.state.services.byId(id);
      if (!row) continue;
      const memory = this.memoryOf(id, settings);
      for (const strategy of memory.settings.strategies) this.look(row, strategy, nowMs, measured);
      if (row.desired === 'running' && isSteady(row)) this.decide(row, memory, nowMs);
    }
    for (const id of [...this.meters.keys()]) if (!measured.has(id)) this.meters.delete(id);
  }

  /** What was measured last, in the API's form. */
  metrics(row: ServiceRow, settings: AutoSettings): CurrentMetric[] {
    return settings.strategies.flatMap((strategy) => {
      const value = this.value(row, strategy);
      const service = strategy.service ?? row.name;
      return value === undefined
        ? []
        : [{ metricName: strategy.metric.toUpperCase(), service, value: Math.round(value * 100) / 100 }];
    });
  }

  private decide(row: ServiceRow, { settings, history }: Memory, nowMs: number): void {
    const current = row.instances;
    const measures = settings.strategies.flatMap((strategy): Measure[] => {
      const value = this.value(row, strategy);
      if (value === undefined) return [];
      // A count of requests is shared by the instances; CPU is measured in each of them.
      const each = strategy.metric === 'cpu' ? value : value / Math.max(1, current);
      return [{ value: each, threshold: strategy.threshold }];
    });
    history.push({ atMs: nowMs, instances: recommended(current, measures) });
    const longestMs = Math.max(settings.scaleUpWindowMs, settings.scaleDownWindowMs);
    while (nowMs - history[0]!.atMs > longestMs) history.shift();
    const wanted = stabilized(current, history, nowMs, {
      upMs: settings.scaleUpWindowMs,
      downMs: settings.scaleDownWindowMs,
    });
    const meter = this.meters.get(row.id)!;
    const target = bounded(current, wanted, settings, {
      isBusy: meter.isBusy,
      idleMs: meter.idleMs(nowMs),
      graceMs: settings.zeroGraceMs,
      activation: settings.activation,
    });
    if (target === current) return;
    const seen = this.metrics(row, settings).map(({ metricName, value }) => `${metricName} ${value}`);
    this.resize(row, target, `autoscaler: ${seen.join(', ') || 'outside min and max'}`);
  }

  private value(row: ServiceRow, strategy: Strategy): number | undefined {
    const other = strategy.service === undefined ? row : this.state.services.byName(strategy.service);
    const meter = other && this.meters.get(other.id);
    if (!meter) return undefined;
    if (strategy.metric === 'cpu') return meter.cpuPercent(other);
    const qps = meter.qps();
    return strategy.metric === 'qps1k' && qps !== undefined ? qps * 1000 : qps;
  }

  private look(row: ServiceRow, strategy: Strategy, nowMs: number, measured: Set<string>): void {
    const rows = [row, strategy.service === undefined ? row : this.state.services.byName(strategy.service)];
    for (const each of rows) {
      const key = each && `${each.id} ${strategy.metric === 'cpu'}`;
      if (!each || measured.has(key!)) continue;
      measured.add(key!).add(each.id);
      let meter = this.meters.get(each.id);
      if (!meter) {
        meter = new LoadMeter(this.state, this.sources, nowMs);
        this.meters.set(each.id, meter);
      }
      meter.look(each, nowMs, strategy.metric === 'cpu');
    }
  }

  private memoryOf(id: string, text: string): Memory {
    const known = this.memories.get(id);
    if (known?.text === text) return known;
    const memory = { settings: readAutoSettings(JSON.parse(text) as Config), text, history: [] };
    this.memories.set(id, memory);
    return memory;
  }
}

/** While instances are being replaced or made, measures mislead. */
const isSteady = ({ status }: ServiceRow) => status === 'Running' || status === 'Scaling';
