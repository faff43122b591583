import type { Arguments } from '../../cli/arguments.ts';
import type { Context } from '../../cli/context.ts';
import { resetLocal } from '../../local/launch.ts';
import type { View } from '../../ui/view.ts';
import { confirmed } from '../confirmation.ts';
import { localDataDir } from './directory.ts';

export async function run(context: Context, args: Arguments): Promise<View> {
  const dataDir = await localDataDir(context, args);
  await confirmed(context, args, {
    question: `Are you sure to remove all services, objects and logs of Local EAS in [${dataDir}]?`,
    refused: 'Local EAS was not reset',
  });
  await resetLocal(dataDir);
  return {
    text: () => [`[OK] Local EAS in [${dataDir}] is empty`],
    json: () => ({ dataDir, status: 'empty' }),
  };
}
