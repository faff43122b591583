import type { Arguments } from '../../cli/arguments.ts';
import type { Context } from '../../cli/context.ts';
import { stopLocal } from '../../local/launch.ts';
import type { View } from '../../ui/view.ts';
import { localDataDir } from './directory.ts';

export async function run(context: Context, args: Arguments): Promise<View> {
  const result = await stopLocal(await localDataDir(context, args));
  const line =
    result === 'stopped' ? '[OK] Local EAS is stopped; its state is kept' : '[OK] Local EAS was not running';
  return { text: () => [line], json: () => ({ status: result }) };
}
