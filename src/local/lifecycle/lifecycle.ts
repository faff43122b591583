import type { Instance } from '../instances/instance.ts';
import type { ServiceRow } from '../state/services.ts';
import { ServiceController } from './controller.ts';
import type { LifecycleSettings } from './settings.ts';

/** Instances of a service by their state; all numbers are those of the API. */
export interface Counts {
  running: number;
  pending: number;
}

/** One controller for each service that needs hands; a stopped one costs nothing. */
export class Lifecycle {
  private readonly controllers = new Map<string, ServiceController>();

  constructor(
    private readonly settings: LifecycleSettings,
    /** A service's routes may be others now. */
    private readonly routesChanged: (service: string) => void,
  ) {}

  /** Goes on with everything that was under way when Local EAS ended. */
  start(): void {
    for (const row of this.settings.state.services.unsettled()) {
      try {
        const controller = this.controllerOf(row.id);
        controller.fleet.restore(row);
        controller.wake();
      } catch (error) {
        // One that an earlier release took and this one can't read must not keep the others from starting.
        this.settings.log(`service ${row.name} can't be brought back: ${error}`);
      }
    }
  }

  /** State.db says something new about this service. */
  wake(id: string): void {
    this.controllerOf(id).wake();
  }

  retry(id: string): void {
    this.controllerOf(id).retry();
  }

  instances(id: string): Instance[] {
    return this.controllers.get(id)?.fleet.instances ?? [];
  }

  /** Takes these instances away now; the lifecycle starts others if they are still wanted. */
  drain(id: string, names: string[]): void {
    const controller = this.controllerOf(id);
    for (const name of names) {
      const instance = controller.fleet.find(name);
      if (instance?.isAlive) controller.drain(instance);
    }
  }

  counts(row: ServiceRow): Counts {
    const ready = this.instances(row.id).filter(({ phase }) => phase === 'ready').length;
    const running = Math.min(ready, row.instances);
    return { running, pending: row.desired === 'running' ? row.instances - running : 0 };
  }

  async halt(): Promise<void> {
    await Promise.all([...this.controllers.values()].map((controller) => controller.halt()));
  }

  private controllerOf(id: string): ServiceController {
    const known = this.controllers.get(id);
    if (known) return known;
    const name = this.settings.state.services.byId(id)?.name;
    const changed = () => {
      if (name !== undefined) this.routesChanged(name);
    };
    const controller = new ServiceController(id, this.settings, changed, () => {
      this.controllers.delete(id);
      changed();
    });
    this.controllers.set(id, controller);
    return controller;
  }
}
