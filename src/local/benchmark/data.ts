import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ObjectLookup } from '../packages/objects.ts';
import { runPrepare } from '../packages/prepare.ts';
import { PackageError, resolvePackage } from '../packages/source.ts';
import type { Launcher } from '../process/launcher.ts';
import type { BenchmarkSettings } from './settings.ts';

/** The agents hold the bodies in memory. */
const MOST_BYTES = 256 * 1024 ** 2;

export interface DataTools {
  launcher: Launcher;
  objects: ObjectLookup;
}

/**
 * Lays the data of a task out below `folder` and answers the files, in order: the addresses as they stand, what an archive
 * or folder holds by name. Throws PackageError for data that can't be had.
 */
export async function layOutData(
  { data }: Pick<BenchmarkSettings, 'data'>,
  folder: string,
  tools: DataTools,
  onProgress: (message: string) => void,
  signal: AbortSignal,
): Promise<string[]> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if ('content' in data) {
    const file = join(folder, 'content');
    writeFileSync(file, Buffer.from(data.content, 'base64'));
    return [file];
  }
  const files: string[] = [];
  let left = MOST_BYTES;
  for (const [at, address] of data.addresses.entries()) {
    const workspace = join(folder, String(at));
    const model = resolvePackage('data.path', address, tools.objects, join(folder, `fetched-${at}`));
    const spec = { workspace, model, maxUnpackedBytes: left };
    const outcome = await runPrepare(tools.launcher, spec, onProgress, signal);
    if (!outcome.ok) throw new PackageError(outcome.message);
    const found = filesBelow(join(workspace, 'model'));
    left -= found.reduce((sum, file) => sum + statSync(file).size, 0);
    if (left < 0) throw new PackageError(`data.path holds more than ${MOST_BYTES / 1024 ** 2} MiB`);
    if (found.length === 0) throw new PackageError(`data.path ${address} holds no file`);
    files.push(...found);
  }
  return files;
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
