import type { ProcessorType } from '../../src/core/worker/spec.ts';
import type { Bench } from './bench.ts';
import { type Load, loadGenerator, medianLoad, perSecond } from './load.ts';
import { peers, startPeers } from './peers.ts';
import { languages, startEcho, THREADS, targetOf } from './worker.ts';

const CONNECTIONS = [1, 5, 32];
const ROUNDS = 3;

/** Rate and latency of the echo in each language at an instance's own port, with few and many callers, against peers. */
export async function connectionRows(bench: Bench): Promise<void> {
  for (const type of languages(bench, 'connections')) await rowsOf(bench, type);
}

async function rowsOf(bench: Bench, type: ProcessorType): Promise<void> {
  const generator = loadGenerator(bench);
  const instance = await startEcho(bench, type);
  const others = await startPeers(bench, peers[type]);
  const own = { name: `${type} echo`, target: targetOf(instance, instance.url) };
  const loads = new Map<string, Load[]>();
  for (let round = 1; round <= ROUNDS; round++)
    for (const connections of CONNECTIONS) {
      bench.say(
        `${type} echo, ${THREADS} threads, ${connections} connections, ${generator.name}, ${round} of ${ROUNDS}`,
      );
      for (const { name, target } of [own, ...others]) {
        const key = keyOf(name, connections);
        loads.set(key, [...(loads.get(key) ?? []), await generator.run(target, connections)]);
      }
    }
  for (const { child } of [instance, ...others]) await bench.end(child);
  for (const connections of CONNECTIONS) {
    const median = (name: string) => medianLoad(loads.get(keyOf(name, connections))!);
    const ours = median(own.name);
    const compared = others.map(
      ({ name }) => `, ${(ours.ratePerSecond / median(name).ratePerSecond).toFixed(2)} x ${name}`,
    );
    for (const { name } of [...others, own])
      bench.rows.push({
        what: `${name}, ${connections} connection${connections === 1 ? '' : 's'}`,
        measured: `${shown(median(name))}${name === own.name ? compared.join('') : ''}`,
        budget: '',
      });
  }
}

const keyOf = (name: string, connections: number) => `${name} ${connections}`;
const shown = (load: Load) =>
  `${perSecond(load)}, p50 ${load.p50Ms.toFixed(2)} ms, p99 ${load.p99Ms.toFixed(2)} ms`;
