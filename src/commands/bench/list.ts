import type { Context } from '../../cli/context.ts';
import type { View } from '../../ui/view.ts';
import { benchmarkListView } from '../../ui/views/benchmarks.ts';
import { allPages } from '../resource/pages.ts';

/** All pages; the RequestId shown is that of the first. */
export async function run({ clients }: Context): Promise<View> {
  const api = await clients.api();
  let RequestId = '';
  const Tasks = await allPages(
    async (query) => {
      const page = await api.listBenchmarkTasks(query);
      RequestId ||= page.RequestId;
      return page;
    },
    (page) => page.Tasks,
  );
  return benchmarkListView({ RequestId, Tasks });
}
