import { Bench, findProgram } from './bench/bench.ts';
import { devRows } from './bench/dev.ts';
import { echoRows } from './bench/echo.ts';
import { listRows } from './bench/list.ts';
import { packRows } from './bench/pack.ts';
import { renderTable } from './bench/table.ts';
import { uploadRows } from './bench/upload.ts';
import { versionRows } from './bench/version.ts';

const parts = {
  version: versionRows,
  ls: listRows,
  echo: echoRows,
  dev: devRows,
  pack: packRows,
  upload: uploadRows,
};

/** `npm run bench [-- version ls echo dev pack upload]`: figures against named peers, in one run, as a table on stdout. */
async function main(wanted: string[]): Promise<number> {
  const unknown = wanted.filter((name) => !(name in parts));
  if (unknown.length > 0) {
    process.stderr.write(`no such part: ${unknown.join(', ')}; there are ${Object.keys(parts).join(', ')}\n`);
    return 2;
  }
  const bench = new Bench(await findProgram());
  try {
    for (const [name, measure] of Object.entries(parts)) {
      if (wanted.length > 0 && !wanted.includes(name)) continue;
      await measure(bench);
    }
    process.stdout.write(renderTable(bench.rows));
    return 0;
  } finally {
    await bench.close();
  }
}

process.exitCode = await main(process.argv.slice(2));
