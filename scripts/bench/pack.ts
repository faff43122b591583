import { cpSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Bench, output } from './bench.ts';
import { type ProcessCost, processCost } from './process-cost.ts';
import { median } from './statistics.ts';

const MIB = 1024 * 1024;
const ENVIRONMENT_BYTES = 1024 * MIB;
const PACKAGES = ['numpy', 'scipy', 'scikit-learn', 'pandas'];
const PACK_RUNS = 3;
const BUDGET_RATIO = 1.6;
const BUDGET_SIZE_RATIO = 1.03;
const OURS = 'eascmd pysdk pack';
const TAR = 'tar czf';

interface Packing {
  command: string[];
  archive: string;
}

interface Packed {
  cost: ProcessCost;
  sizeBytes: number;
}

/** `pysdk pack` of 1 GiB of Python environment against what people type in its place; the same files for all. */
export async function packRows(bench: Bench): Promise<void> {
  if (!Bun.which('python3')) return bench.skip('pack', 'no python3 on PATH');
  const place = join(bench.folder, 'pack');
  mkdirSync(place);
  const env = { HOME: place };
  try {
    await makeEnvironment(bench, place, env);
  } catch (error) {
    return bench.skip('pack', `no environment could be made: ${(error as Error).message.split('\n')[0]}`);
  }
  const packings = packingsOf(bench, place);
  const runs = new Map([...packings.keys()].map((name) => [name, [] as Packed[]]));
  for (let run = 0; run < PACK_RUNS; run++)
    for (const [name, { command, archive }] of packings) {
      bench.say(`pack of 1 GiB, ${name}, ${run + 1} of ${PACK_RUNS}`);
      const cost = await processCost(command, { env, cwd: place });
      runs.get(name)!.push({ cost, sizeBytes: statSync(archive).size });
      rmSync(archive);
    }
  const seconds = (name: string) => median(runs.get(name)!.map(({ cost }) => cost.wallMs)) / 1000;
  const sizeBytes = (name: string) => runs.get(name)![0]!.sizeBytes;
  for (const [name, packed] of runs) {
    const rate = seconds(TAR) / seconds(name);
    const size = sizeBytes(name) / sizeBytes(TAR);
    const isOurs = name === OURS;
    const peakMb = Math.max(...packed.map(({ cost }) => cost.peakMb));
    bench.rows.push({
      what: `pack of 1 GiB, ${name}`,
      measured: [
        `${seconds(name).toFixed(1)} s, ${(sizeBytes(name) / 1e6).toFixed(0)} MB`,
        ...(isOurs ? [`${peakMb.toFixed(0)} MB of memory`] : []),
        ...(name === TAR ? [] : [`${rate.toFixed(2)} x tar czf, size ${size.toFixed(3)} x`]),
      ].join(', '),
      budget: isOurs ? `>= ${BUDGET_RATIO} x tar czf on 2 cores, size <= ${BUDGET_SIZE_RATIO} x` : '',
      isMet: isOurs ? rate >= BUDGET_RATIO && size <= BUDGET_SIZE_RATIO : undefined,
    });
  }
}

function packingsOf(bench: Bench, place: string): Map<string, Packing> {
  const packings = new Map<string, Packing>();
  const archive = join(place, 'demo.tar.gz');
  packings.set(OURS, { command: [...bench.program, 'pysdk', 'pack', 'demo'], archive });
  packings.set(TAR, { command: ['tar', 'czf', archive, '-C', 'demo', '.'], archive });
  if (Bun.which('pigz')) {
    const pipe = ['sh', '-c', 'tar cf - -C demo . | pigz > demo.tar.gz'];
    packings.set('tar | pigz', { command: pipe, archive });
  } else bench.skip('tar | pigz', 'no pigz on PATH');
  return packings;
}

/**
 * A project whose ENV holds what a processor of scikit-learn needs, as `pysdk init` makes it. Its packages stand there
 * several times until it has 1 GiB: deflate looks back over 32 KiB, so no archive gains by that.
 */
async function makeEnvironment(bench: Bench, place: string, env: Record<string, string>): Promise<void> {
  bench.say(`pack: an environment with ${PACKAGES.join(', ')} is made`);
  const script = 'import sys; print("%d.%d" % sys.version_info[:2])';
  const version = (await output(['python3', '-c', script])).trim();
  writeFileSync(join(place, 'requirements.txt'), `${PACKAGES.join('\n')}\n`);
  const words = ['--python', version, '--allspark', 'compatible', '--requirements', 'requirements.txt'];
  await output([...bench.program, 'pysdk', 'init', 'demo', ...words], { cwd: place, env });
  const folder = join(place, 'demo/ENV');
  const library = join(folder, 'lib', `python${version}`);
  const packages = join(library, 'site-packages');
  for (let copy = 2, size = sizeOf(folder); size < ENVIRONMENT_BYTES; copy++) {
    const names = readdirSync(packages).sort();
    for (const name of names) {
      if (size >= ENVIRONMENT_BYTES) break;
      const target = join(library, `site-packages-${copy}`, name);
      cpSync(join(packages, name), target, { recursive: true, preserveTimestamps: true });
      size += sizeOf(target);
    }
  }
}

function sizeOf(path: string): number {
  const facts = statSync(path);
  if (!facts.isDirectory()) return facts.size;
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
}
