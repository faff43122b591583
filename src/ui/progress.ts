import type { Service } from '../core/service/model.ts';
import { isBuilding } from '../core/states.ts';

/**
 * The `[OK]` lines of a wait (eascmd.md section 5): each new message while the service is being built, afterwards
 * `<Status> [Total: T, Pending: P, Running: R]`, repeated about every 3 s while nothing changes.
 */
export class WaitLines {
  private lastMessage: string | undefined;
  private lastCounters = '';
  private countersAtMs = Number.NEGATIVE_INFINITY;

  constructor(private readonly now: () => number) {}

  next(service: Service): string[] {
    if (isBuilding(service.Status)) return this.message(service.Message);
    if (['Running', 'Stopped', 'Complete', 'Failed'].includes(service.Status) && !this.lastCounters)
      return [];
    return this.counters(service);
  }

  private message(message: string | undefined): string[] {
    if (!message || message === this.lastMessage) return [];
    this.lastMessage = message;
    return [`[OK] ${message}`];
  }

  private counters(service: Service): string[] {
    const counts = `Total: ${service.TotalInstance}, Pending: ${service.PendingInstance}, Running: ${service.RunningInstance}`;
    return this.repeat(`[OK] ${service.Status} [${counts}]`);
  }

  /** The line when it is new, and again when it has stood for a while. */
  repeat(line: string): string[] {
    if (line === this.lastCounters && this.now() - this.countersAtMs < REPEAT_MS) return [];
    this.lastCounters = line;
    this.countersAtMs = this.now();
    return [line];
  }
}

const REPEAT_MS = 3_000;
