import type { Arguments } from '../cli/arguments.ts';
import type { Context } from '../cli/context.ts';
import type { View } from '../ui/view.ts';
import { eventListView } from '../ui/views/events.ts';

export async function run({ clients }: Context, args: Arguments): Promise<View> {
  const api = await clients.api();
  return eventListView(await api.describeServiceEvent(args.required(0)));
}
