import { chmodSync, lstatSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { EasError } from '../../core/errors.ts';

/** Entries of the data directory (docs/architecture.md, Local EAS data directory). */
export interface DataPaths {
  root: string;
  lock: string;
  daemon: string;
  credentials: string;
  state: string;
  /** Resource groups that the user describes; may be absent. */
  resources: string;
  objects: string;
  services: string;
  /** Data of benchmark tasks that run. */
  benchmarks: string;
  logs: string;
  daemonLog: string;
}

export function dataPaths(root: string): DataPaths {
  return {
    root,
    lock: join(root, 'lock.db'),
    daemon: join(root, 'daemon.json'),
    credentials: join(root, 'credentials.json'),
    state: join(root, 'state.db'),
    resources: join(root, 'resources.json'),
    objects: join(root, 'objects'),
    services: join(root, 'services'),
    benchmarks: join(root, 'benchmarks'),
    logs: join(root, 'logs'),
    daemonLog: join(root, 'logs', 'daemon.log'),
  };
}

/** Creates the directory and its folders with mode 0700, and repairs a looser mode. Throws EasError when it can't. */
export function ensureDataDirectory(root: string): DataPaths {
  const paths = dataPaths(root);
  for (const folder of [paths.root, paths.objects, paths.services, paths.logs]) ensurePrivateFolder(folder);
  return paths;
}

export function ensurePrivateFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    const found = lstatSync(path);
    if (process.platform !== 'win32' && (found.mode & 0o077) !== 0 && !found.isSymbolicLink())
      chmodSync(path, 0o700);
  } catch (cause) {
    throw new EasError({
      code: 'LocalDataDirectory',
      message: `The folder ${path} of Local EAS can't be used: ${cause instanceof Error ? cause.message : cause}`,
      hint: 'Choose another place with --data-dir, or repair its owner and mode.',
      cause,
    });
  }
}
