import type { Arguments } from '../cli/arguments.ts';
import type { Context } from '../cli/context.ts';
import type { View } from '../ui/view.ts';
import { serviceView } from '../ui/views/services.ts';

export async function run({ clients }: Context, args: Arguments): Promise<View> {
  const api = await clients.api();
  return serviceView(await api.describeService(args.required(0)));
}
