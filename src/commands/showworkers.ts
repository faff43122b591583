import type { Arguments } from '../cli/arguments.ts';
import type { Context } from '../cli/context.ts';
import type { View } from '../ui/view.ts';
import { instanceListView } from '../ui/views/instances.ts';
import { listAllInstances } from './watching/instances.ts';

export async function run({ clients }: Context, args: Arguments): Promise<View> {
  return instanceListView(await listAllInstances(await clients.api(), args.required(0)));
}
