import type { Gateway } from '../gateway/gateway.ts';
import { EventLog } from '../lifecycle/events.ts';
import type { Lifecycle } from '../lifecycle/lifecycle.ts';
import { resize } from '../service/resize.ts';
import type { ServiceRow } from '../state/services.ts';
import type { State } from '../state/state.ts';
import type { AutoSettings } from './auto-settings.ts';
import { AutoScaler, type CurrentMetric } from './autoscaler.ts';
import { CronScaler } from './cronscaler.ts';

const TICK_MS = 1000;

interface Parts {
  state: State;
  lifecycle: Lifecycle;
  gateway: Pick<Gateway, 'counters'>;
  log(line: string): void;
}

/** Runs both kinds of scalers, as long as any service has one. */
export class Scaling {
  private readonly auto: AutoScaler;
  private readonly cron: CronScaler;
  private timer: Timer | undefined;

  constructor(
    private readonly parts: Parts,
    nowMs = Date.now(),
  ) {
    const { state, lifecycle, gateway } = parts;
    const sources = {
      requests: (service: string) => {
        const { requests, unserved } = gateway.counters(service);
        return { served: requests, unserved };
      },
      workers: (id: string) =>
        lifecycle.instances(id).flatMap(({ phase, pid }) => (phase === 'ready' && pid ? [pid] : [])),
    };
    const scale = (row: ServiceRow, instances: number, reason: string) => this.scale(row, instances, reason);
    this.auto = new AutoScaler(state, sources, scale);
    this.cron = new CronScaler(state, scale, nowMs);
  }

  /** Called at the start and whenever a scaler was set or removed. */
  wake(): void {
    const { scalers } = this.parts.state;
    const isNeeded = scalers.all('auto').length + scalers.all('cron').length > 0;
    if (isNeeded && !this.timer) {
      this.tick();
      this.timer = setInterval(() => this.tick(), TICK_MS);
    } else if (!isNeeded) this.stop();
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  metrics(row: ServiceRow, settings: AutoSettings): CurrentMetric[] {
    return this.auto.metrics(row, settings);
  }

  private tick(): void {
    try {
      const now = Date.now();
      this.cron.tick(now);
      this.auto.tick(now);
    } catch (error) {
      this.parts.log(`a look at the scalers failed and is tried again: ${error}`);
    }
  }

  private scale(row: ServiceRow, instances: number, reason: string): void {
    const { state, lifecycle, log } = this.parts;
    const message = `Scaling from ${row.instances} to ${instances} instances (${reason})`;
    state.transaction(() => {
      resize(state, row, instances);
      new EventLog(state, row.id).service(
        'Normal',
        'AutoScaling',
        row,
        message,
        lifecycle.counts(row).running,
      );
    });
    log(`service ${row.name}: ${message}`);
    lifecycle.wake(row.id);
  }
}
