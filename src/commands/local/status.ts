import { join } from 'node:path';
import type { Arguments } from '../../cli/arguments.ts';
import type { Context } from '../../cli/context.ts';
import { readLocal, readLocalCredentials } from '../../local/launch.ts';
import type { View } from '../../ui/view.ts';
import { localStatusLines } from '../../ui/views/local.ts';
import { countServices } from './count.ts';
import { localDataDir } from './directory.ts';
import { notRunning } from './ensure.ts';

/** Exit 1 when it is not running, so that scripts can ask. */
export async function run(context: Context, args: Arguments): Promise<View> {
  const dataDir = await localDataDir(context, args);
  const info = await readLocal(dataDir);
  if (!info) throw notRunning(dataDir);
  const credentials = await readLocalCredentials(dataDir);
  const services = credentials ? await countServices(info, credentials) : undefined;
  const facts = { ...info, services, credentialsFile: join(dataDir, 'credentials.json') };
  return { text: () => ['[OK] Local EAS is running', ...localStatusLines(facts)], json: () => facts };
}
