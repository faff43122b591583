import type { Arguments } from '../../cli/arguments.ts';
import type { Context } from '../../cli/context.ts';
import { usageError } from '../../core/errors.ts';
import type { View } from '../../ui/view.ts';
import { serveStats } from './stats.ts';

/** eascmd.md 2.14: a page of this machine, until Ctrl-C; without a terminal until the task is over. */
export async function run(context: Context, args: Arguments): Promise<View> {
  if (context.isJson)
    throw usageError(
      'WrongUsage',
      'visualize serves a page, which is not one JSON document',
      'leave out -o json',
    );
  const port = args.wholeNumber('port', 0, 65_535) ?? 0;
  const task = args.required(0);
  const api = await context.clients.api();
  await api.describeBenchmarkTask(task);
  await serveStats(context, task, { port, untilEnd: !context.io.stdout.isTty });
  return { text: () => [], json: () => ({}) };
}
