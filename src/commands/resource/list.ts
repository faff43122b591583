import type { Context } from '../../cli/context.ts';
import type { ResourceDetail } from '../../core/resource/api.ts';
import type { View } from '../../ui/view.ts';
import { resourceListView } from '../../ui/views/resources.ts';
import { allPages } from './pages.ts';

const AT_ONCE = 4;

/** eascmd.md 2.11. The owner of a group stands in its description only. */
export async function run({ clients }: Context): Promise<View> {
  const api = await clients.api();
  const listed = await allPages(
    (query) => api.listResources(query),
    (page) => page.Resources,
  );
  const resources: ResourceDetail[] = [];
  for (let at = 0; at < listed.length; at += AT_ONCE) {
    const some = listed.slice(at, at + AT_ONCE);
    const details = await Promise.all(some.map(({ ResourceId }) => api.describeResource(ResourceId)));
    resources.push(...some.map((resource, index) => ({ ...resource, ...details[index]! })));
  }
  return resourceListView(resources);
}
