import type { Pressure } from '../../core/benchmark/agent.ts';
import { type AutoState, autoStep, type Measure, manualStep, type ScanState, scanStep } from './policy.ts';
import type { BenchmarkSettings } from './settings.ts';

/** Connections that the modes which look for a limit may come to, all agents together. */
const MOST_CONNECTIONS = 256;
const AUTO_STEP_SECONDS = 5;

/** How hard the agents press, and when that is thought over. */
export class PressureControl {
  private readonly scan: ScanState;
  private readonly auto: AutoState;

  constructor(private settings: BenchmarkSettings) {
    this.scan = { qps: settings.minQps, isHeld: false };
    this.auto = { connections: settings.connections ?? 1, isHeld: false };
  }

  /** Seconds between two looks. */
  get stepSeconds(): number {
    const { mode, seconds, adjustSeconds } = this.settings;
    if (mode === 'scan') return adjustSeconds;
    return mode === 'auto' ? Math.max(1, Math.min(AUTO_STEP_SECONDS, Math.floor(seconds / 60))) : 1;
  }

  change(settings: BenchmarkSettings): void {
    this.settings = settings;
  }

  /** The part of one agent. */
  forEach(agents: number): Pressure {
    const { mode, connections = 1, qps, limits } = this.settings;
    const share = (rate: number | undefined) => (rate === undefined ? undefined : rate / agents);
    const most = Math.max(1, Math.floor(MOST_CONNECTIONS / agents));
    if (mode === 'scan') return { connections: most, qps: share(Math.min(this.scan.qps, qps ?? Infinity)) };
    if (mode === 'manual') return { connections, qps: share(qps) };
    return {
      connections: Math.max(1, Math.round(this.auto.connections / agents)),
      qps: share(limits.maxQps ?? qps),
    };
  }

  /** Thinks the pressure over; answers why the test is over, if it is. */
  step(seen: Measure): string | undefined {
    const { mode, limits, growth } = this.settings;
    if (mode === 'scan') {
      const next = scanStep(limits, growth, this.scan, seen);
      if (next.kind === 'end') return next.reason;
      Object.assign(this.scan, next.state);
    } else if (mode === 'auto') {
      const next = autoStep(limits, MOST_CONNECTIONS, this.auto, seen);
      if (next.kind === 'end') return next.reason;
      Object.assign(this.auto, next.state);
    } else {
      const next = manualStep(limits, seen);
      if (next.kind === 'end') return next.reason;
    }
    return undefined;
  }
}
