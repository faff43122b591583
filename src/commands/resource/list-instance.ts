import type { Arguments } from '../../cli/arguments.ts';
import type { Context } from '../../cli/context.ts';
import type { View } from '../../ui/view.ts';
import { resourceInstanceListView } from '../../ui/views/resources.ts';
import { allPages } from './pages.ts';

export async function run({ clients }: Context, args: Arguments): Promise<View> {
  const api = await clients.api();
  return resourceInstanceListView(
    await allPages(
      (query) => api.listResourceInstances(args.required(0), query),
      (page) => page.Instances,
    ),
  );
}
