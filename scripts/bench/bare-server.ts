import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { type Bench, firstLine } from './bench.ts';
import { BODY, buildEcho } from './worker.ts';

/** The peer of the cpp echo: `Bun.serve` alone, which answers on its own thread. */
export function startBareServer(bench: Bench) {
  return start(bench);
}

/** The same echo without threads: the example's library, called by the server itself. */
export async function startBareServerWithLibrary(bench: Bench) {
  const folder = mkdtempSync(join(bench.folder, 'bare-'));
  return start(bench, join(folder, await buildEcho('cpp', folder)));
}

async function start(bench: Bench, ...args: string[]) {
  const command = [process.execPath, join(import.meta.dir, 'bare-process.ts'), ...args];
  const child = bench.own(Bun.spawn(command, { stdin: 'pipe', stdout: 'pipe', stderr: 'inherit' }));
  const url = `http://127.0.0.1:${await firstLine(child.stdout)}/api/predict/echo`;
  return { target: { url, token: '', body: BODY }, child };
}
