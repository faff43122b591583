import type { Context } from '../cli/context.ts';
import type { View } from '../ui/view.ts';
import { regionListView } from '../ui/views/regions.ts';

export async function run({ clients }: Context): Promise<View> {
  return regionListView(await (await clients.api()).describeRegions());
}
