import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What is seen of files and folders without reading them; two equal texts mean that nothing has changed. */
export function snapshot(paths: string[]): string {
  const seen: string[] = [];
  for (const path of paths) look(path, seen);
  return seen.join('\n');
}

function look(path: string, seen: string[]): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) return void seen.push(`${path} -`);
  if (!found.isDirectory()) return void seen.push(`${path} ${found.ino} ${found.size} ${found.mtimeMs}`);
  seen.push(path);
  for (const name of readdirSync(path).sort()) if (name !== '__pycache__') look(join(path, name), seen);
}
