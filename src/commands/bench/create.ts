import type { Arguments } from '../../cli/arguments.ts';
import type { Context } from '../../cli/context.ts';
import { requestIdLine, type View } from '../../ui/view.ts';
import { dryRunView } from '../../ui/views/changes.ts';
import { readBenchmarkFile } from './description.ts';
import { followStart } from './running.ts';

/** eascmd.md 2.14. */
export async function run(context: Context, args: Arguments): Promise<View> {
  const document = await readBenchmarkFile(context, args.required(0));
  if (args.isSet('dryRun'))
    return dryRunView(await context.clients.target(), {
      method: 'POST',
      path: '/api/v2/benchmark-tasks',
      body: document,
    });
  const api = await context.clients.api();
  const reply = await api.createBenchmarkTask(document);
  const { TaskName: task, RequestId } = reply;
  context.say(...requestIdLine(RequestId), `[OK] Task [${task}] is creating`);
  return followStart(context, args, { task, reply });
}
