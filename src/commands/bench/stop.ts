import type { Arguments } from '../../cli/arguments.ts';
import type { Context } from '../../cli/context.ts';
import type { View } from '../../ui/view.ts';
import { agentLine } from '../../ui/views/benchmarks.ts';
import { acceptedView } from '../../ui/views/changes.ts';
import { askAbout } from './asking.ts';
import { describeLine, waitForTask } from './waiting.ts';

/** eascmd.md 2.14. */
export async function run(context: Context, args: Arguments): Promise<View> {
  const task = args.required(0);
  await askAbout(context, args, 'stop');
  const api = await context.clients.api();
  const reply = await api.stopBenchmarkTask(task);
  context.say(`[OK] Task [${task}] is stopping`);
  if (!args.isSet('wait')) return acceptedView(describeLine(context, task), reply, 'task');
  const seen = await waitForTask(context, args, { task, goal: 'stopped', lineOf: agentLine });
  context.say('[OK] Benchmark task is stopped');
  return { text: () => [], json: () => ({ ...seen, RequestId: reply.RequestId }) };
}
