import { type Group, MACHINE_GROUP, type ResourceFile } from './file.ts';
import type { Machine, ThisMachine } from './machine.ts';
import { type Need, place, type Used } from './placement.ts';

/** What an instance holds of a machine. */
export interface Reservation {
  instance: string;
  service: string;
  group: string;
  machine: string;
  need: Need;
}

/** Resource groups and what the instances of services use of them. */
export class ResourceGroups {
  private readonly reservations = new Map<string, Reservation>();

  constructor(
    private readonly file: ResourceFile,
    private readonly thisMachine: ThisMachine,
    private readonly since: Date,
  ) {}

  /** This machine first. Throws ApiError when the user's file is wrong. */
  list(): Group[] {
    return [this.ownGroup(), ...this.file.groups()];
  }

  find(id: string): Group | undefined {
    return id === MACHINE_GROUP ? this.ownGroup() : this.file.groups().find((group) => group.id === id);
  }

  held(group: string, machine?: string): Reservation[] {
    return [...this.reservations.values()].filter(
      (each) => each.group === group && (machine === undefined || each.machine === machine),
    );
  }

  used(group: string, machine?: string): Used {
    const sum: Used = { cpu: 0, memoryMb: 0, gpu: 0 };
    for (const { need } of this.held(group, machine)) {
      sum.cpu += need.cpu;
      sum.memoryMb += need.memoryMb;
      sum.gpu += need.gpu;
    }
    return sum;
  }

  /** Takes what an instance needs; answers why it can't, in one sentence. */
  reserve(who: { instance: string; service: string }, id: string, need: Need): string | undefined {
    let group: Group | undefined;
    try {
      group = this.find(id);
    } catch (error) {
      return (error as Error).message;
    }
    if (!group) return `There is no resource group [${id}]`;
    const machines = group.machines.map((machine) => ({ machine, used: this.used(id, machine.name) }));
    const placed = place(id, machines, need);
    if (typeof placed === 'string') return placed;
    this.hold(who, id, placed, need);
    return undefined;
  }

  /** An instance that is there already keeps its place, whatever the group has become. */
  restore(who: { instance: string; service: string }, id: string, need: Need): void {
    if (this.reserve(who, id, need) !== undefined) this.hold(who, id, undefined, need);
  }

  release(instance: string): void {
    this.reservations.delete(instance);
  }

  private hold(
    who: { instance: string; service: string },
    group: string,
    machine: Machine | undefined,
    need: Need,
  ): void {
    this.reservations.set(who.instance, { ...who, group, machine: machine?.name ?? '', need });
  }

  private ownGroup(): Group {
    const { machine } = this.thisMachine;
    return { id: MACHINE_GROUP, name: 'this machine', machines: [machine], since: this.since };
  }
}
