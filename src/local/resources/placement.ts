import type { Machine } from './machine.ts';

/** How the message of a service begins that waits for room in its group (FAQ of the manual). */
export const NO_ROOM = 'Insufficient resources';

export interface Used {
  cpu: number;
  memoryMb: number;
  gpu: number;
}

/** What one instance asks for. */
export type Need = Used;

export const needOf = ({ cpu, memoryMb, gpu }: Need): Need => ({ cpu, memoryMb, gpu });

/**
 * The first machine with room for an instance, or the sentence that the manual's FAQ has for a service that stays at
 * Waiting: what is asked for, and what is free.
 */
export function place(
  group: string,
  machines: { machine: Machine; used: Used }[],
  need: Need,
): Machine | string {
  const free = machines.map(({ machine, used }) => ({
    cpu: machine.cpu - used.cpu,
    memoryMb: machine.memoryMb - used.memoryMb,
    gpu: machine.gpu - used.gpu,
  }));
  const at = free.findIndex((room) => fits(need, room));
  if (at >= 0) return machines[at]!.machine;
  const isTooLarge = !machines.some(({ machine }) => fits(need, machine));
  const most = [...free].sort((a, b) => b.gpu - a.gpu || b.cpu - a.cpu || b.memoryMb - a.memoryMb)[0]!;
  const rest = isTooLarge
    ? 'no machine of the group is that large'
    : `a machine of the group has ${shown(most)} left`;
  return `${NO_ROOM} in resource group [${group}]: an instance asks for ${shown(need)}, ${rest}`;
}

/** Sums of decimal cores such as 0.1 are not exact. */
const EPSILON = 1e-9;

function fits(need: Need, room: Used): boolean {
  return need.cpu <= room.cpu + EPSILON && need.memoryMb <= room.memoryMb && need.gpu <= room.gpu + EPSILON;
}

function shown({ cpu, memoryMb, gpu }: Used): string {
  const number = (value: number) => String(Math.round(Math.max(0, value) * 100) / 100);
  const parts = [`${number(cpu)} cores`, `${number(memoryMb)}M memory`];
  if (gpu > 0) parts.push(`${number(gpu)} GPUs`);
  return parts.join(', ');
}
