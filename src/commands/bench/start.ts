import type { Arguments } from '../../cli/arguments.ts';
import type { Context } from '../../cli/context.ts';
import type { View } from '../../ui/view.ts';
import { askAbout } from './asking.ts';
import { followStart } from './running.ts';

/** eascmd.md 2.14; another run of a task that is over. */
export async function run(context: Context, args: Arguments): Promise<View> {
  const task = args.required(0);
  await askAbout(context, args, 'start');
  const api = await context.clients.api();
  const before = await api.describeBenchmarkTask(task);
  const reply = await api.startBenchmarkTask(task);
  context.say(`[OK] Task [${task}] is starting`);
  return followStart(context, args, { task, before, reply });
}
