import { readdirSync, readFileSync } from 'node:fs';

/** sysconf(_SC_CLK_TCK) of every Linux that Bun runs on. */
const TICKS_PER_SECOND = 100;

export const canMeasureCpu = process.platform === 'linux';

/** Seconds of CPU used so far by each of these processes and all below it, in the order given. Linux only. */
export function cpuSeconds(roots: number[]): number[] {
  const children = new Map<number, number[]>();
  const used = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = readStat(Number(name));
    if (!stat) continue;
    used.set(Number(name), stat.seconds);
    const siblings = children.get(stat.parent);
    if (siblings) siblings.push(Number(name));
    else children.set(stat.parent, [Number(name)]);
  }
  const sum = (pid: number): number =>
    (children.get(pid) ?? []).reduce((total, child) => total + sum(child), used.get(pid) ?? 0);
  return roots.map(sum);
}

/** proc(5): the name may hold blanks and brackets, so fields are counted from its end; the parent is the 4th. */
function readStat(pid: number): { parent: number; seconds: number } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    // Own time and that of children which ended and were waited for.
    const ticks = fields[11]! + fields[12]! + fields[13]! + fields[14]!;
    return { parent: fields[1]!, seconds: ticks / TICKS_PER_SECOND };
  } catch {
    return undefined;
  }
}
