import { arch, availableParallelism, constants, cpus, loadavg, type } from 'node:os';
import { Bench, findProgram } from './bench/bench.ts';
import { connectionRows } from './bench/connections.ts';
import { devRows } from './bench/dev.ts';
import { echoRows } from './bench/echo.ts';
import { firstRequestRows } from './bench/first-request.ts';
import { idleRows } from './bench/idle.ts';
import { listRows } from './bench/list.ts';
import { packRows } from './bench/pack.ts';
import { renderTable } from './bench/table.ts';
import { unpackRows } from './bench/unpack.ts';
import { uploadRows } from './bench/upload.ts';
import { versionRows } from './bench/version.ts';

const parts = {
  version: versionRows,
  ls: listRows,
  echo: echoRows,
  connections: connectionRows,
  test: firstRequestRows,
  idle: idleRows,
  dev: devRows,
  pack: packRows,
  unpack: unpackRows,
  upload: uploadRows,
};

/** `npm run bench [-- <part>…]`: figures against named peers, in one run, as a table on stdout. */
async function main(wanted: string[]): Promise<number> {
  const unknown = wanted.filter((name) => !(name in parts));
  if (unknown.length > 0) {
    process.stderr.write(`no such part: ${unknown.join(', ')}; there are ${Object.keys(parts).join(', ')}\n`);
    return 2;
  }
  const bench = new Bench(await findProgram());
  const measured = measure(bench, wanted);
  measured.catch(() => {});
  try {
    return await Promise.race([measured, interrupted()]);
  } finally {
    await bench.close();
  }
}

async function measure(bench: Bench, wanted: string[]): Promise<number> {
  const begun = new Date().toISOString().slice(0, 16);
  const loadAtFirst = loadavg()[0]!;
  const failed: string[] = [];
  for (const [name, rows] of Object.entries(parts)) {
    if ((wanted.length > 0 && !wanted.includes(name)) || bench.isClosing) continue;
    await rows(bench).catch((error: Error) => {
      failed.push(name);
      if (!bench.isClosing) bench.say(`${name} failed: ${error.message}`);
    });
  }
  if (bench.isClosing) return 1;
  const machine = `${availableParallelism()} CPUs (${cpus()[0]?.model ?? arch()}), ${type()}`;
  const load = `load ${loadAtFirst.toFixed(1)} at the start, ${loadavg()[0]!.toFixed(1)} at the end`;
  process.stdout.write(`${begun}Z, ${machine}, ${load}\n\n${renderTable(bench.rows)}`);
  return failed.length === 0 ? 0 : 1;
}

/** Resolves with the exit code of the first signal; what was measured until then says nothing. */
function interrupted(): Promise<number> {
  return new Promise((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.once(name, () => resolve(128 + constants.signals[name]));
  });
}

process.exit(await main(process.argv.slice(2)));
