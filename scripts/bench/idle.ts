import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { Subprocess } from 'bun';
import type { ProcessorType } from '../../src/core/worker/spec.ts';
import { type Bench, RUNS } from './bench.ts';
import { peers, startPeers } from './peers.ts';
import { median } from './statistics.ts';
import { languages, startEcho } from './worker.ts';

/** After this long without a request an instance counts as idle. */
const IDLE_MS = 2000;

/** Memory of an instance that has nothing to do, front and processor, and of the first peer in its language. */
export async function idleRows(bench: Bench): Promise<void> {
  if (!existsSync('/proc/self/smaps_rollup'))
    return bench.skip('idle', 'this system has no /proc/<pid>/smaps_rollup');
  for (const type of languages(bench, 'idle')) await rowsOf(bench, type);
}

async function rowsOf(bench: Bench, type: ProcessorType): Promise<void> {
  bench.say(`idle ${type} worker`);
  const fronts: number[] = [];
  const processors: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const { url, token, child } = await startEcho(bench, type);
    await fetch(url, { method: 'POST', body: 'x', headers: { authorization: token } });
    await Bun.sleep(IDLE_MS);
    fronts.push(pssMb(child.pid));
    processors.push(descendants(child.pid).reduce((sum, pid) => sum + pssMb(pid), 0));
    await bench.end(child);
  }
  const [front, processor] = [median(fronts), median(processors)];
  bench.rows.push({
    what: `idle worker, ${type}`,
    measured: `${(front + processor).toFixed(0)} MB: front ${front.toFixed(0)}, processor ${processor.toFixed(0)}`,
    budget: '',
  });
  for (const { name, child } of await startPeers(bench, peers[type].slice(0, 1))) {
    await Bun.sleep(IDLE_MS);
    bench.rows.push({ what: `idle ${name}`, measured: `${treeMb(child).toFixed(0)} MB`, budget: '' });
    await bench.end(child);
  }
}

function treeMb({ pid }: Subprocess): number {
  return [pid, ...descendants(pid)].reduce((sum, each) => sum + pssMb(each), 0);
}

/** Proportional set size: pages that processes share are counted in parts. */
function pssMb(pid: number): number {
  const [, kilobytes] = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
}

function descendants(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`)
    .flatMap((thread) => readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' '))
    .filter(Boolean)
    .map(Number)
    .flatMap((child) => [child, ...descendants(child)]);
}
