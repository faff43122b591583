import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { PrepareSpec } from '../../src/core/worker/prepare.ts';
import { type Bench, output } from './bench.ts';
import { type ProcessCost, processCost } from './process-cost.ts';
import { writeSavedModel } from './saved-model.ts';
import { median } from './statistics.ts';

const ROUNDS = 3;

/** A saved model of 1 GB as tar.gz: `eascmd __prepare`, which lays out every workspace, against `tar xzf`. */
export async function unpackRows(bench: Bench): Promise<void> {
  const tar = Bun.which('tar');
  if (!tar) return bench.skip('unpack', 'no tar on PATH');
  const place = join(bench.folder, 'unpack');
  mkdirSync(place);
  bench.say('unpack: a saved model of 1 GB is made');
  const bytes = await writeSavedModel(join(place, 'model'));
  const archive = join(place, 'model.tar.gz');
  await output([tar, 'czf', archive, '-C', place, 'model'], { env: { GZIP: '-1' } });
  rmSync(join(place, 'model'), { recursive: true });
  const options = { env: { HOME: place }, cwd: place };
  const ways = new Map<string, (to: string) => Promise<ProcessCost>>([
    [
      'eascmd',
      (workspace) => {
        const model = { location: archive, name: 'model.tar.gz', shown: archive };
        const spec: PrepareSpec = { workspace, model, maxUnpackedBytes: 2 * bytes };
        return processCost([...bench.program, '__prepare'], { ...options, input: JSON.stringify(spec) });
      },
    ],
    [
      'tar xzf',
      (to) => {
        mkdirSync(to);
        return processCost([tar, 'xzf', archive, '-C', to], options);
      },
    ],
  ]);
  const costs = new Map([...ways.keys()].map((name) => [name, [] as ProcessCost[]]));
  for (let round = 1; round <= ROUNDS; round++)
    for (const [name, unpack] of ways) {
      bench.say(`unpacking 1 GB, ${name}, ${round} of ${ROUNDS}`);
      const to = join(place, 'unpacked');
      costs.get(name)!.push(await unpack(to));
      rmSync(to, { recursive: true });
    }
  rmSync(place, { recursive: true });
  const wallMs = (name: string) => median(costs.get(name)!.map((cost) => cost.wallMs));
  for (const [name, all] of costs) {
    const compared = name === 'eascmd' ? `, ${(wallMs('tar xzf') / wallMs(name)).toFixed(2)} x tar` : '';
    const cpuSeconds = (median(all.map((cost) => cost.cpuMs)) / 1000).toFixed(1);
    const peakMb = Math.max(...all.map((cost) => cost.peakMb)).toFixed(0);
    bench.rows.push({
      what: `unpacking a model of ${(bytes / 1e9).toFixed(1)} GB, ${name}`,
      measured: `${(bytes / 1000 / wallMs(name)).toFixed(0)} MB/s${compared}; ${cpuSeconds} CPU s, ${peakMb} MB`,
      budget: '',
    });
  }
}
