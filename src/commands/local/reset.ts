import type { Arguments } from '../../cli/arguments.ts';
import type { Context } from '../../cli/context.ts';
import { EasError } from '../../core/errors.ts';
import { resetLocal } from '../../local/launch.ts';
import { confirm } from '../../ui/prompts.ts';
import type { View } from '../../ui/view.ts';
import { localDataDir } from './directory.ts';

export async function run({ host, io, signal }: Context, args: Arguments): Promise<View> {
  const dataDir = localDataDir(host, args);
  if (!args.isSet('yes') && !args.isSet('force')) {
    const question = `Are you sure to remove all services, objects and logs of Local EAS in [${dataDir}]?`;
    if (!(await confirm(io, question, signal)))
      throw new EasError({ code: 'Declined', message: 'Local EAS was not reset: the answer was no' });
  }
  await resetLocal(dataDir);
  return {
    text: () => [`[OK] Local EAS in [${dataDir}] is empty`],
    json: () => ({ dataDir, status: 'empty' }),
  };
}
