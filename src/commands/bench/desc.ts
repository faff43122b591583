import type { Arguments } from '../../cli/arguments.ts';
import type { Context } from '../../cli/context.ts';
import type { View } from '../../ui/view.ts';
import { benchmarkView } from '../../ui/views/benchmarks.ts';

/** Region and times of a task stand in lists only (openapi.md section 6). */
export async function run({ clients }: Context, args: Arguments): Promise<View> {
  const name = args.required(0);
  const api = await clients.api();
  const task = await api.describeBenchmarkTask(name);
  const page = await api.listBenchmarkTasks({ pageNumber: 1, pageSize: 100, filter: name });
  const listed = page.Tasks.find(({ TaskName }) => TaskName === name);
  return benchmarkView({ ...listed, ...task });
}
