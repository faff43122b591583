import { resolve } from 'node:path';
import type { Arguments } from '../../cli/arguments.ts';
import type { Context } from '../../cli/context.ts';
import type { Settings } from '../../config/settings.ts';
import { usageError } from '../../core/errors.ts';

/** The data directory that is meant: --data-dir, else EAS_LOCAL_DATA_DIR, else ~/.eas/local. */
export async function localDataDir({ host, clients }: Context, args: Arguments): Promise<string> {
  const given = args.text('dataDir');
  return given === undefined ? dataDirOf(await clients.settings()) : resolve(host.cwd, given);
}

export function dataDirOf(settings: Settings): string {
  if (settings.localDataDir) return settings.localDataDir;
  throw usageError(
    'NoHome',
    'There is no home directory to keep the state of Local EAS in',
    'set HOME or EAS_LOCAL_DATA_DIR',
  );
}
