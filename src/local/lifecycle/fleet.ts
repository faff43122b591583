import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ContainerState } from '../../core/worker/spec.ts';
import { apiTime } from '../clock.ts';
import { Instance, type InstanceIdentity } from '../instances/instance.ts';
import { pruneLogs } from '../instances/log-files.ts';
import { needOf } from '../resources/placement.ts';
import { newInstanceName } from '../service/names.ts';
import { readSpec } from '../service/read.ts';
import type { Config, ServiceSpec } from '../service/spec.ts';
import type { InstanceRow } from '../state/instances.ts';
import type { ServiceRow } from '../state/services.ts';
import type { EventLog } from './events.ts';
import type { LifecycleSettings } from './settings.ts';
import { workerSpec } from './worker-spec.ts';

let lastSlot = 0;

/** The instances of one service: makes them, remembers them, lets them go. */
export class Fleet {
  readonly instances: Instance[] = [];

  constructor(
    private readonly serviceId: string,
    private readonly settings: LifecycleSettings,
    private readonly events: EventLog,
    private readonly changed: () => void,
  ) {}

  /** Brings back the instances that were there when Local EAS ended; those that were leaving are gone. */
  restore(service: ServiceRow): void {
    for (const row of this.settings.state.instances.ofService(this.serviceId)) {
      if (row.is_draining || service.desired !== 'running') this.settings.state.instances.remove(row.name);
      else {
        const spec = this.specOf(service, row.version);
        const who = { instance: row.name, service: service.name };
        if (spec.resource !== undefined) this.settings.resources.restore(who, spec.resource, needOf(spec));
        this.add(service, row, row.restarts, parseState(row.last_state));
      }
    }
  }

  /** Starts one more instance of the service's current template; answers why there is no room for it. */
  start(service: ServiceRow): string | undefined {
    const row: InstanceRow = {
      name: newInstanceName(service.name, template(service.current_version, service.revision)),
      service_id: this.serviceId,
      version: service.current_version,
      revision: service.revision,
      is_draining: 0,
      restarts: 0,
      last_state: null,
      created_at: apiTime(),
    };
    const spec = this.specOf(service, row.version);
    const who = { instance: row.name, service: service.name };
    const shortage =
      spec.resource === undefined
        ? undefined
        : this.settings.resources.reserve(who, spec.resource, needOf(spec));
    if (shortage !== undefined) return shortage;
    this.settings.state.instances.insert(row);
    this.add(service, row, 0, undefined);
    return undefined;
  }

  /** Takes an instance out of traffic at once; it is forgotten when its process has ended. */
  drain(instance: Instance): void {
    const { name } = instance.identity;
    this.settings.state.instances.setDraining(name);
    this.events.instance('Normal', 'Killing', name, `Stopping instance ${name}`);
    void instance
      .drain(() => this.settings.traffic.retire(name, instance.graceMs))
      .then(() => this.settings.state.instances.remove(name))
      .catch((error) => this.settings.log(`${name} could not be ended in order: ${error}`))
      .finally(() => {
        this.instances.splice(this.instances.indexOf(instance), 1);
        this.settings.resources.release(name);
        this.changed();
      });
  }

  find(name: string): Instance | undefined {
    return this.instances.find((instance) => instance.identity.name === name);
  }

  async halt(): Promise<void> {
    await Promise.all(this.instances.map((instance) => instance.halt()));
  }

  private add(
    service: ServiceRow,
    row: InstanceRow,
    restarts: number,
    lastState: ContainerState | undefined,
  ): void {
    const identity: InstanceIdentity = {
      name: row.name,
      version: row.version,
      revision: row.revision,
      createdAt: row.created_at,
    };
    const slot = ++lastSlot;
    const spec = this.specOf(service, row.version);
    const folder = join(this.settings.logsDir, service.name);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    pruneLogs(
      folder,
      this.instances.map((instance) => instance.identity.name),
    );
    const told = workerSpec(this.settings, spec, { ...identity, slot, token: service.token });
    const instance = new Instance(
      identity,
      { restarts, lastState },
      () => told,
      this.settings.launcher,
      this.settings.backoff,
      {
        changed: (who, news) => {
          if (news === 'ready')
            this.events.instance('Normal', 'Started', who.identity.name, 'Instance is ready');
          else if (news) this.events.instance('Warning', 'BackOff', who.identity.name, news);
          this.changed();
        },
        remember: (who) =>
          this.settings.state.instances.setRestarts(
            who.identity.name,
            who.restarts,
            who.history.lastState ? JSON.stringify(who.history.lastState) : null,
          ),
      },
    );
    this.instances.push(instance);
    instance.start();
  }

  /** An instance keeps the settings of its own version while it is being replaced by another. */
  private specOf(service: ServiceRow, version: number): ServiceSpec {
    const config =
      version === service.current_version
        ? service.config
        : (this.settings.state.versions.get(this.serviceId, version)?.config ?? service.config);
    return readSpec(JSON.parse(config) as Config);
  }
}

export const template = (version: number, revision: number) => `${version}.${revision}`;

function parseState(text: string | null): ContainerState | undefined {
  return text === null ? undefined : (JSON.parse(text) as ContainerState);
}
