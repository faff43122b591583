import { readLocal } from '../../local/launch.ts';
import type { LocalRuntime } from '../../local/options.ts';
import type { Clients } from '../clients.ts';
import { dataDirOf } from './directory.ts';

/** How the running Local EAS runs instances; what it would do when none runs. */
export async function runtimeOfLocal(clients: Clients): Promise<LocalRuntime> {
  return (await readLocal(dataDirOf(await clients.settings())))?.runtime ?? 'process';
}
