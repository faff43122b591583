import { readFileSync, statSync } from 'node:fs';
import { ApiError } from '../api/error.ts';
import { isObject } from '../service/values.ts';
import type { Machine } from './machine.ts';

/** A resource group as Local EAS knows it. */
export interface Group {
  id: string;
  name: string;
  machines: Machine[];
  /** When its description was last written. */
  since: Date;
}

/**
 * Groups that a user describes in `resources.json` of the data directory (docs/local-eas.md). Read again whenever it
 * is written; a missing file is an empty one. Throws ApiError naming the file and the field when it is wrong.
 */
export class ResourceFile {
  private known: { stamp: string; groups: Group[] } | undefined;

  constructor(readonly path: string) {}

  groups(): Group[] {
    const facts = statSync(this.path, { throwIfNoEntry: false });
    if (!facts) return [];
    const stamp = `${facts.mtimeMs} ${facts.size} ${facts.ino}`;
    if (this.known?.stamp === stamp) return this.known.groups;
    const groups = this.read(facts.mtime);
    this.known = { stamp, groups };
    return groups;
  }

  private read(since: Date): Group[] {
    let document: unknown;
    try {
      document = JSON.parse(readFileSync(this.path, 'utf8'));
    } catch (error) {
      throw this.wrong(`it is no JSON (${(error as Error).message})`);
    }
    if (!isObject(document) || !Array.isArray(document.Resources))
      throw this.wrong('it must hold {"Resources": […]}');
    this.refuseUnknown(document, ['Resources'], '');
    const groups = document.Resources.map((each, index) => this.group(each, `Resources[${index}]`, since));
    const ids = groups.map(({ id }) => id);
    const twice = ids.find((id, index) => ids.indexOf(id) !== index);
    if (twice) throw this.wrong(`two groups have the ResourceId ${twice}`);
    return groups;
  }

  private group(value: unknown, where: string, since: Date): Group {
    if (!isObject(value)) throw this.wrong(`${where} must be an object`);
    this.refuseUnknown(value, ['ResourceId', 'ResourceName', 'Instances'], where);
    const { ResourceId: id, ResourceName: name = id, Instances: machines } = value;
    if (typeof id !== 'string' || !/^eas-r-[a-z0-9-]{1,64}$/.test(id) || id === MACHINE_GROUP)
      throw this.wrong(
        `${where}.ResourceId must be a text such as eas-r-big and not ${MACHINE_GROUP}, but is ${JSON.stringify(id)}`,
      );
    if (typeof name !== 'string') throw this.wrong(`${where}.ResourceName must be a text`);
    if (!Array.isArray(machines) || machines.length === 0)
      throw this.wrong(`${where}.Instances must be a list of at least one machine`);
    return {
      id,
      name,
      machines: machines.map((each, index) => this.machine(each, `${where}.Instances[${index}]`, index)),
      since,
    };
  }

  private machine(value: unknown, where: string, index: number): Machine {
    if (!isObject(value)) throw this.wrong(`${where} must be an object`);
    this.refuseUnknown(value, ['InstanceName', 'InstanceType', 'Cpu', 'Memory', 'Gpu'], where);
    const { InstanceName: name = `local.i-${index}`, InstanceType: type = 'local', Gpu: gpu = 0 } = value;
    if (typeof name !== 'string' || typeof type !== 'string')
      throw this.wrong(`${where}: InstanceName and InstanceType must be texts`);
    const count = (field: string, given: unknown): number => {
      if (typeof given === 'number' && Number.isInteger(given) && given >= 0) return given;
      throw this.wrong(`${where}.${field} must be a whole number, but is ${JSON.stringify(given)}`);
    };
    const [cpu, memoryMb] = [count('Cpu', value.Cpu), count('Memory', value.Memory)];
    return { name, type, cpu, memoryMb, gpu: count('Gpu', gpu) };
  }

  private refuseUnknown(value: Record<string, unknown>, known: string[], where: string): void {
    const unknown = Object.keys(value).find((key) => !known.includes(key));
    if (unknown !== undefined)
      throw this.wrong(`${where} has an unknown field "${unknown}"; known are ${known.join(', ')}`);
  }

  private wrong(what: string): ApiError {
    return new ApiError(500, 'InvalidResourceFile', `${this.path} can't be used: ${what.trim()}`);
  }
}

/** The group that stands for this machine. */
export const MACHINE_GROUP = 'eas-r-local';
