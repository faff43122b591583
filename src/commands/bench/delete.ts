import type { Arguments } from '../../cli/arguments.ts';
import type { Context } from '../../cli/context.ts';
import type { View } from '../../ui/view.ts';
import { acceptedView } from '../../ui/views/changes.ts';
import { askAbout } from './asking.ts';
import { describeLine, waitForTask } from './waiting.ts';

/** eascmd.md 2.14. */
export async function run(context: Context, args: Arguments): Promise<View> {
  const task = args.required(0);
  await askAbout(context, args, 'delete');
  const api = await context.clients.api();
  const reply = await api.deleteBenchmarkTask(task);
  context.say(`[OK] Benchmark task ${task} is Deleting`);
  if (!args.isSet('wait')) return acceptedView(describeLine(context, task), reply, 'task');
  await waitForTask(context, args, { task, goal: 'deleted' });
  context.say('[OK] Benchmark task was deleted successfully');
  return { text: () => [], json: () => reply };
}
