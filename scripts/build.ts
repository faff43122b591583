import { relative } from 'node:path';
import { compile } from './build/compile.ts';
import { config, outputOf, ownBinary, root, type Target, targets } from './build/config.ts';
import { foreignBun } from './build/foreign.ts';
import { writeSums } from './build/sums.ts';
import { end, say } from './say.ts';

/** `npm run build`: dist/eascmd for this machine. `-- --all`: every target of pkg.config.json, with SHA256SUMS. */
async function build(args: string[]): Promise<number> {
  const unknown = args.filter((arg) => arg !== '--all');
  if (unknown.length > 0) {
    say(`eascmd build: unknown argument ${unknown.join(' ')}; there is only --all`);
    return 2;
  }
  const sizes = args.includes('--all') ? await buildAll() : [await buildOwn()];
  const tooBig = sizes.filter((size) => size > config.maxBytes).length;
  if (tooBig > 0) say(`${tooBig} of ${sizes.length} above the budget of ${megabytes(config.maxBytes)}`);
  return 0;
}

async function buildOwn(): Promise<number> {
  return report(ownBinary, await compile({ bun: process.execPath, output: ownBinary }));
}

async function buildAll(): Promise<number[]> {
  const sizes: number[] = [];
  for (const target of targets) {
    const output = outputOf(target);
    const bun = await bunFor(target);
    sizes.push(report(output, await compile({ target: target.bun as Bun.Build.CompileTarget, bun, output })));
  }
  await writeSums(targets.map(outputOf));
  return sizes;
}

/** The Bun that runs this script serves its own platform; the others come from the registry. */
async function bunFor(target: Target): Promise<string> {
  return target.name === `${process.platform}-${process.arch}` ? process.execPath : foreignBun(target);
}

function report(file: string, size: number): number {
  say(`${relative(root, file)}  ${megabytes(size)}`);
  return size;
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

await end(() => build(process.argv.slice(2)));
