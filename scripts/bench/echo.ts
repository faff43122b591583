import type { ProcessorType } from '../../src/core/worker/spec.ts';
import { type Bench, RUNS } from './bench.ts';
import { startJdkServer } from './jdk-server.ts';
import { type Load, loadGenerator, medianLoad, type Target } from './load.ts';
import { median } from './statistics.ts';
import { startUvicorn } from './uvicorn.ts';
import { type Instance, startEcho, startGateway, THREADS } from './worker.ts';

const BODY = JSON.stringify([
  { x: 1.5, y: 'a hundred bytes or so, as most tabular requests have', z: [1, 2, 3, 4, 5, 6] },
]);
const CPP_BUDGET_PER_SECOND = 20_000;
const PYTHON_BUDGET_RATIO = 2;
const GATEWAY_BUDGET_RATIO = 0.6;
const GATEWAY_BUDGET_ADDED_MS = 1;

/** What runs the same echo with nothing of ours. */
const peers = {
  python: { name: 'uvicorn+FastAPI', start: startUvicorn },
  java: { name: 'JDK HttpServer', start: startJdkServer },
};

/** Requests per second of the echo processors: at the instance's own port, through the gateway, and the peer. */
export async function echoRows(bench: Bench): Promise<void> {
  if (Bun.which('g++')) await processorRows(bench, 'cpp');
  else bench.skip('cpp echo', 'no C++ compiler (g++) on PATH');
  if (Bun.which('python3')) await processorRows(bench, 'python');
  else bench.skip('python echo', 'no python3 on PATH');
  if (Bun.which('javac')) await processorRows(bench, 'java');
  else bench.skip('java echo', 'no JDK (javac) on PATH');
}

async function processorRows(bench: Bench, type: ProcessorType): Promise<void> {
  const generator = loadGenerator(bench);
  bench.say(`${type} echo, ${THREADS} threads, 32 connections, ${generator.name}`);
  const instance = await startEcho(bench, type);
  const targets = new Map<string, Target>([
    ['direct', targetOf(instance, instance.url)],
    ['gateway', targetOf(instance, await startGateway(bench, instance))],
  ]);
  if (type !== 'cpp') await addPeer(bench, type, targets);
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

const targetOf = ({ token }: Instance, url: string): Target => ({ url, token, body: BODY });

async function addPeer(bench: Bench, type: keyof typeof peers, targets: Map<string, Target>): Promise<void> {
  const { name, start } = peers[type];
  try {
    targets.set('peer', await start(bench, BODY));
  } catch (error) {
    bench.skip(name, (error as Error).message.trim().split('\n').at(-1)!);
  }
}

function report(bench: Bench, type: ProcessorType, loads: Map<string, Load[]>, addedMs: number): void {
  const direct = medianLoad(loads.get('direct')!);
  const gateway = medianLoad(loads.get('gateway')!);
  const peer = loads.get('peer');
  if (type === 'cpp') {
    bench.rows.push({
      what: 'worker, cpp echo, direct',
      measured: perSecond(direct),
      budget: `>= ${CPP_BUDGET_PER_SECOND} req/s`,
      isMet: direct.ratePerSecond >= CPP_BUDGET_PER_SECOND,
    });
  } else if (peer) {
    const { name } = peers[type];
    const other = medianLoad(peer);
    const ratio = direct.ratePerSecond / other.ratePerSecond;
    const isBudgeted = type === 'python';
    bench.rows.push({ what: `${name}, same echo`, measured: perSecond(other), budget: '' });
    bench.rows.push({
      what: `worker, ${type} echo, direct`,
      measured: `${perSecond(direct)}, ${ratio.toFixed(2)} x ${name}`,
      budget: isBudgeted ? `>= ${PYTHON_BUDGET_RATIO} x ${name}` : '',
      isMet: isBudgeted ? ratio >= PYTHON_BUDGET_RATIO : undefined,
    });
  } else bench.rows.push({ what: `worker, ${type} echo, direct`, measured: perSecond(direct), budget: '' });
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

const perSecond = ({ ratePerSecond }: Load) => `${(ratePerSecond / 1000).toFixed(1)} k/s`;
