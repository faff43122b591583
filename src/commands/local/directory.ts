import { join, resolve } from 'node:path';
import type { Arguments } from '../../cli/arguments.ts';
import type { Host } from '../../core/host.ts';

/** The data directory of Local EAS that is meant. */
export function localDataDir(host: Host, args?: Arguments): string {
  const given = args?.text('dataDir');
  return given === undefined ? join(host.homeDir, '.eas', 'local') : resolve(host.cwd, given);
}
