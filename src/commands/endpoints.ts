import type { Arguments } from '../cli/arguments.ts';
import type { Context } from '../cli/context.ts';
import type { View } from '../ui/view.ts';
import { endpointListView } from '../ui/views/endpoints.ts';

export async function run({ clients }: Context, args: Arguments): Promise<View> {
  const api = await clients.api();
  return endpointListView(await api.describeServiceEndpoints(args.required(0)));
}
