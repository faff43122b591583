import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Logs of ended instances kept for each service: enough to see why the last ones failed. */
const KEPT = 20;

/** Removes the oldest logs of ended instances; what runs is never touched. */
export function pruneLogs(folder: string, running: string[]): void {
  const ended = new Map<string, string[]>();
  for (const name of readdirSync(folder)) {
    const instance = name.replace(/\.log(\..*)?$/, '');
    if (!running.includes(instance))
      ended.set(instance, [...(ended.get(instance) ?? []), join(folder, name)]);
  }
  const newestFirst = [...ended.values()]
    .map((paths) => ({ paths, mtimeMs: Math.max(...paths.map(modified)) }))
    .sort((a, b) => b.mtimeMs - a.mtimeMs);
  for (const { paths } of newestFirst.slice(KEPT)) for (const path of paths) rmSync(path, { force: true });
}

const modified = (path: string) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
