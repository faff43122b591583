import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Instance } from '../instances/instance.ts';
import { settleEntrance } from '../release/pair.ts';
import { readSpec } from '../service/read.ts';
import type { Config } from '../service/spec.ts';
import type { ServiceChange, ServiceRow } from '../state/services.ts';
import { EventLog } from './events.ts';
import { Fleet, template } from './fleet.ts';
import { plan, type Wanted } from './plan.ts';
import type { LifecycleSettings } from './settings.ts';
import { type SeenInstance, verdict } from './verdict.ts';

const RETRY_MS = 1000;
/** Between two looks whether a full resource group has room again. */
const ROOM_MS = 500;

/**
 * Brings one service to what state.db says it should be, step by step, woken by changes of either. Nothing of its
 * progress is kept anywhere else, so a restart of Local EAS goes on where the last one ended.
 */
export class ServiceController {
  readonly fleet: Fleet;
  private readonly events: EventLog;
  private isAwake = false;
  private isHalted = false;
  private preparing: { version: number; abort: AbortController; done: Promise<void> } | undefined;
  private retryTimer: Timer | undefined;
  private roomTimer: Timer | undefined;

  constructor(
    private readonly id: string,
    private readonly settings: LifecycleSettings,
    /** The routes of the service may be others now. */
    private readonly changed: () => void,
    /** It is stopped or deleted, and nothing is left to do. */
    private readonly settled: () => void,
  ) {
    this.events = new EventLog(settings.state, id);
    this.fleet = new Fleet(id, settings, this.events, () => {
      this.changed();
      this.wake();
    });
  }

  /** Takes the next step soon; many calls make one step. */
  wake(): void {
    if (this.isAwake || this.isHalted) return;
    this.isAwake = true;
    queueMicrotask(() => {
      this.isAwake = false;
      if (!this.isHalted) this.step();
    });
  }

  /** The daemon ends: instances stop, what is wanted stays. */
  async halt(): Promise<void> {
    this.isHalted = true;
    clearTimeout(this.retryTimer);
    clearTimeout(this.roomTimer);
    this.preparing?.abort.abort();
    await Promise.all([this.fleet.halt(), this.preparing?.done]);
  }

  /** Gives failing instances and packages another chance now. */
  retry(): void {
    const row = this.settings.state.services.byId(this.id);
    if (row && this.packageState(row) === 'failed')
      this.settings.state.versions.setPackage(this.id, row.current_version, 'wanted', '');
    for (const instance of this.fleet.instances) instance.retry();
    this.wake();
  }

  drain(instance: Instance): void {
    this.fleet.drain(instance);
    this.wake();
  }

  private step(): void {
    try {
      const row = this.settings.state.services.byId(this.id);
      if (!row) return;
      this.abortStalePreparation(row);
      if (row.desired === 'running') this.towardsRunning(row);
      else this.towardsRest(row);
    } catch (error) {
      this.settings.log(`a step of service ${this.id} failed and is tried again: ${error}`);
      clearTimeout(this.retryTimer);
      this.retryTimer = setTimeout(() => this.wake(), RETRY_MS);
    }
  }

  private towardsRunning(row: ServiceRow): void {
    const wanted = this.wanted(row);
    const steps = plan(wanted, this.seen());
    for (const name of steps.drain) {
      const instance = this.fleet.find(name);
      if (instance) this.fleet.drain(instance);
    }
    let shortage: string | undefined;
    for (let count = 0; count < steps.start && shortage === undefined; count++)
      shortage = this.fleet.start(row);
    if (shortage !== undefined) this.waitForRoom(row, wanted, shortage);
    else if (wanted.isPackageReady) this.set(row, verdict(row.status, wanted, this.seen()));
    else this.preparePackage(row);
    this.changed();
  }

  /**
   * The resource group is full: tried again until there is room. An update then has to let an old instance go first,
   * as dedicated groups do by default (serving.md e, max_unavailable).
   */
  private waitForRoom(row: ServiceRow, wanted: Wanted, shortage: string): void {
    const relaxed = { ...wanted, maxUnavailable: Math.max(1, wanted.maxUnavailable) };
    for (const name of plan(relaxed, this.seen()).drain) {
      const instance = this.fleet.find(name);
      if (instance) this.fleet.drain(instance);
    }
    const isServing = row.status === 'Running' && this.fleet.instances.some(({ phase }) => phase === 'ready');
    this.set(row, { status: isServing ? 'Running' : 'Waiting', message: shortage });
    clearTimeout(this.roomTimer);
    this.roomTimer = setTimeout(() => this.wake(), ROOM_MS);
  }

  private towardsRest(row: ServiceRow): void {
    for (const instance of [...this.fleet.instances]) if (instance.isAlive) this.fleet.drain(instance);
    this.changed();
    if (this.fleet.instances.length > 0 || this.preparing) return;
    if (row.desired === 'stopped') this.set(row, { status: 'Stopped', message: 'Service is stopped' });
    else this.remove(row);
    this.settled();
  }

  private remove(row: ServiceRow): void {
    this.settings.packages.remove(row.name);
    rmSync(join(this.settings.logsDir, row.name), { recursive: true, force: true });
    const { state } = this.settings;
    state.transaction(() => {
      state.services.remove(row.id);
      settleEntrance(state, row.entrance);
    });
    this.settings.log(`service ${row.name} was deleted`);
  }

  private wanted(row: ServiceRow): Wanted {
    const { maxSurge, maxUnavailable } = readSpec(JSON.parse(row.config) as Config);
    return {
      instances: row.instances,
      template: template(row.current_version, row.revision),
      isPackageReady: this.packageState(row) === 'ready',
      maxSurge,
      maxUnavailable,
    };
  }

  private seen(): SeenInstance[] {
    return this.fleet.instances.map((instance) => ({
      name: instance.identity.name,
      template: template(instance.identity.version, instance.identity.revision),
      phase: instance.phase,
      failures: instance.failures,
      isBlocked: instance.isBlocked,
      message: instance.message,
    }));
  }

  /** A workspace that someone removed is laid out again. */
  private packageState(row: ServiceRow) {
    const { state, packages } = this.settings;
    const known = state.versions.get(row.id, row.current_version)?.package_state;
    if (known !== 'ready' || existsSync(packages.workspace(row.name, row.current_version))) return known;
    state.versions.setPackage(row.id, row.current_version, 'wanted', '');
    return 'wanted';
  }

  private abortStalePreparation(row: ServiceRow): void {
    const isWanted = row.desired === 'running' && this.preparing?.version === row.current_version;
    if (this.preparing && !isWanted) this.preparing.abort.abort();
  }

  private preparePackage(row: ServiceRow): void {
    if (this.preparing) return;
    const known = this.settings.state.versions.get(row.id, row.current_version);
    // Whatever was asked of it since (another number of instances), nothing can come of a package that is broken.
    if (known?.package_state === 'failed') this.set(row, { status: 'Failed', message: known.message });
    if (this.packageState(row) !== 'wanted') return;
    const abort = new AbortController();
    const done = this.prepareVersion(row, abort.signal)
      .catch((error) => this.settings.log(`preparing ${row.name} was interrupted: ${error}`))
      .finally(() => {
        this.preparing = undefined;
        this.wake();
      });
    this.preparing = { version: row.current_version, abort, done };
  }

  private async prepareVersion(row: ServiceRow, signal: AbortSignal): Promise<void> {
    const version = row.current_version;
    const spec = readSpec(JSON.parse(row.config) as Config);
    const tell = (message: string) => {
      const now = this.settings.state.services.byId(this.id);
      if (now && !signal.aborted) this.set(now, { status: now.status, message });
    };
    const outcome = await this.settings.packages.prepare(spec, version, tell, signal);
    if (signal.aborted) return;
    const { state } = this.settings;
    if (outcome.ok) {
      for (const message of ['Successfully created ingress', 'Successfully synchronized resources'])
        tell(message);
      state.versions.setPackage(this.id, version, 'ready', 'Successfully downloaded all artifacts');
      return;
    }
    const serving = this.fleet.instances.find((instance) => instance.phase === 'ready');
    const rest = serving ? `; version ${serving.identity.version} keeps serving` : '';
    const message = `Version ${version} can't be prepared: ${outcome.message}${rest}`;
    state.transaction(() => {
      state.versions.setPackage(this.id, version, 'failed', message);
      const now = state.services.byId(this.id);
      if (now?.desired === 'running' && now.current_version === version)
        this.set(now, { status: 'Failed', message });
    });
  }

  /** Writes status and message when they are new, with an event. */
  private set(row: ServiceRow, next: { status: string; message?: string }): void {
    const change: ServiceChange = {};
    if (next.status !== row.status) change.status = next.status;
    if (next.message !== undefined && next.message !== row.message) change.message = next.message;
    if (Object.keys(change).length === 0) return;
    this.settings.state.services.change(this.id, change);
    const type = next.status === 'Failed' ? 'Warning' : 'Normal';
    const ready = this.fleet.instances.filter(({ phase }) => phase === 'ready').length;
    this.events.service(type, next.status, row, next.message ?? `Service is ${next.status}`, ready);
    if (change.status) this.settings.log(`service ${row.name}: ${row.status} -> ${next.status}`);
    Object.assign(row, change);
  }
}
