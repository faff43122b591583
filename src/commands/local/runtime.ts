import type { LocalRuntime } from '../../core/service/effect.ts';
import { readLocal } from '../../local/running.ts';
import type { Clients } from '../clients.ts';
import { dataDirOf } from './directory.ts';

/**
 * How the Local EAS that commands go to runs instances; undefined when it is none of this data directory, and so not
 * known. What is not running yet would take processes.
 */
export async function runtimeOfLocal(clients: Clients): Promise<LocalRuntime | undefined> {
  const [own, { apiUrl }] = await Promise.all([
    clients.settings().then((settings) => readLocal(dataDirOf(settings))),
    clients.target(),
  ]);
  if (!own) return 'process';
  return own.apiUrl === apiUrl ? own.runtime : undefined;
}
