import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Logs of ended instances kept for each service: enough to see why the last ones failed. */
const KEPT = 20;

/** Removes the oldest logs of ended instances; what runs is never touched. */
export function pruneLogs(folder: string, running: string[]): void {
  const ended = readdirSync(folder)
    .map((name) => ({ name, instance: name.replace(/\.log(\..*)?$/, '') }))
    .filter(({ instance }) => !running.includes(instance))
    .map(({ name }) => ({ path: join(folder, name), mtimeMs: modified(join(folder, name)) }))
    .sort((a, b) => b.mtimeMs - a.mtimeMs);
  for (const { path } of ended.slice(KEPT)) rmSync(path, { force: true });
}

const modified = (path: string) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
