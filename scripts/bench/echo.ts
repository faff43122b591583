import type { ProcessorType } from '../../src/core/worker/spec.ts';
import { type Bench, RUNS } from './bench.ts';
import { type Load, loadGenerator, medianLoad, perSecond, type Target } from './load.ts';
import { peers, startPeers } from './peers.ts';
import { median } from './statistics.ts';
import type { Row } from './table.ts';
import { languages, startEcho, startGateway, THREADS, targetOf } from './worker.ts';

const CPP_BUDGET_PER_SECOND = 20_000;
const PYTHON_BUDGET_RATIO = 2;
const GATEWAY_BUDGET_RATIO = 0.6;
const GATEWAY_BUDGET_ADDED_MS = 1;

/** Requests per second of the echo processors: at the instance's own port, through the gateway, and the peer. */
export async function echoRows(bench: Bench): Promise<void> {
  for (const type of languages(bench, 'echo')) await processorRows(bench, type);
}

async function processorRows(bench: Bench, type: ProcessorType): Promise<void> {
  const generator = loadGenerator(bench);
  bench.say(`${type} echo, ${THREADS} threads, 32 connections, ${generator.name}`);
  const instance = await startEcho(bench, type);
  const targets = new Map<string, Target>([
    ['direct', targetOf(instance, instance.url)],
    ['gateway', targetOf(instance, await startGateway(bench, instance))],
  ]);
  const [peer] = await startPeers(bench, peers[type].slice(0, 1));
  if (peer) targets.set('peer', peer.target);
  const loads = new Map<string, Load[]>([...targets.keys()].map((name) => [name, []]));
  // Turn by turn, so that a busy moment of the machine meets all of them.
  for (let run = 0; run < RUNS; run++)
    for (const [name, target] of targets) loads.get(name)!.push(await generator.run(target));
  const single = { direct: [] as number[], gateway: [] as number[] };
  for (let run = 0; run < RUNS; run++)
    for (const name of ['direct', 'gateway'] as const)
      single[name].push((await generator.run(targets.get(name)!, 1)).p50Ms);
  report(bench, type, loads, median(single.gateway) - median(single.direct));
}

function report(bench: Bench, type: ProcessorType, loads: Map<string, Load[]>, addedMs: number): void {
  const direct = medianLoad(loads.get('direct')!);
  const gateway = medianLoad(loads.get('gateway')!);
  const peer = loads.get('peer');
  const name = peers[type][0]!.name;
  const ratio = peer && direct.ratePerSecond / medianLoad(peer).ratePerSecond;
  const compared = ratio === undefined ? '' : `, ${ratio.toFixed(2)} x ${name}`;
  if (peer)
    bench.rows.push({ what: `${name}, same echo`, measured: perSecond(medianLoad(peer)), budget: '' });
  bench.rows.push({
    what: `worker, ${type} echo, direct`,
    measured: `${perSecond(direct)}${compared}`,
    ...verdict(type, direct, ratio),
  });
  const kept = gateway.ratePerSecond / direct.ratePerSecond;
  bench.rows.push({
    what: `gateway, ${type} echo`,
    measured: `${perSecond(gateway)}, ${kept.toFixed(2)} x direct`,
    budget: `>= ${GATEWAY_BUDGET_RATIO} x direct`,
    isMet: kept >= GATEWAY_BUDGET_RATIO,
  });
  bench.rows.push({
    what: `gateway, ${type} echo, added at p50, 1 connection`,
    measured: `${addedMs.toFixed(3)} ms`,
    budget: `<= ${GATEWAY_BUDGET_ADDED_MS} ms`,
    isMet: addedMs <= GATEWAY_BUDGET_ADDED_MS,
  });
  bench.rows.push({
    what: `gateway, ${type} echo, p50 at 32 connections`,
    measured: `${gateway.p50Ms.toFixed(2)} ms, direct ${direct.p50Ms.toFixed(2)} ms`,
    budget: `adds <= ${GATEWAY_BUDGET_ADDED_MS} ms`,
    isMet: gateway.p50Ms - direct.p50Ms <= GATEWAY_BUDGET_ADDED_MS,
  });
}

function verdict(
  type: ProcessorType,
  direct: Load,
  ratio: number | undefined,
): Pick<Row, 'budget' | 'isMet'> {
  if (type === 'cpp')
    return {
      budget: `>= ${CPP_BUDGET_PER_SECOND} req/s`,
      isMet: direct.ratePerSecond >= CPP_BUDGET_PER_SECOND,
    };
  if (type === 'java' || ratio === undefined) return { budget: '' };
  return { budget: `>= ${PYTHON_BUDGET_RATIO} x uvicorn+FastAPI`, isMet: ratio >= PYTHON_BUDGET_RATIO };
}
