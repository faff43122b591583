import type { Arguments } from '../../cli/arguments.ts';
import type { Context } from '../../cli/context.ts';
import type { View } from '../../ui/view.ts';
import { resourceView } from '../../ui/views/resources.ts';

export async function run({ clients }: Context, args: Arguments): Promise<View> {
  const api = await clients.api();
  return resourceView(await api.describeResource(args.required(0)));
}
