import type { Arguments } from '../../cli/arguments.ts';
import type { Context } from '../../cli/context.ts';
import type { BenchmarkTaskDetail } from '../../core/benchmark/api.ts';
import { readUpdate } from '../../core/benchmark/document.ts';
import { withKnownNames } from '../../core/benchmark/fields.ts';
import { usageError } from '../../core/errors.ts';
import { requestIdLine, type View } from '../../ui/view.ts';
import { updateLine } from '../../ui/views/benchmarks.ts';
import { acceptedView, dryRunView } from '../../ui/views/changes.ts';
import { describeLine, waitForTask } from './waiting.ts';

/** eascmd.md 2.14; for tasks in mode manual only. */
export async function run(context: Context, args: Arguments): Promise<View> {
  const task = args.required(0);
  const change = readUpdate(args.list('define'));
  if (Object.keys(change).length === 0)
    throw usageError(
      'MissingChange',
      `What is to change of benchmark task [${task}]?`,
      `eascmd bench update ${task} -Doptional.concurrency=4 -Doptional.agentCount=2`,
    );
  const target = await context.clients.target();
  if (args.isSet('dryRun'))
    return dryRunView(target, {
      method: 'PUT',
      path: `/api/v2/benchmark-tasks/${target.region}/${task}`,
      body: change,
    });
  const api = await context.clients.api();
  const before = await api.describeBenchmarkTask(task);
  const mode = modeOf(before);
  if (mode !== undefined && mode !== 'manual')
    throw usageError(
      'NotManual',
      `Benchmark task [${task}] is in mode ${mode}, which sets the pressure itself`,
      'only tasks with "optional": {"mode": "manual"} can be updated',
    );
  const reply = await api.updateBenchmarkTask(task, change);
  context.say(...requestIdLine(reply.RequestId));
  if (!args.isSet('wait')) return acceptedView(describeLine(context, task), reply, 'task');
  const seen = await waitForTask(context, args, { task, before, goal: 'updated', lineOf: updateLine });
  context.say(`[OK] Benchmark task ${task} was updated successfully`);
  return { text: () => [], json: () => ({ ...seen, RequestId: reply.RequestId }) };
}

/** Undefined when the API does not show the document. */
function modeOf({ Config: config }: BenchmarkTaskDetail): string | undefined {
  if (!config) return undefined;
  try {
    const document = typeof config === 'string' ? JSON.parse(config) : config;
    const { optional } = withKnownNames(document) as { optional?: { mode?: string } };
    return optional?.mode || 'auto';
  } catch {
    return undefined;
  }
}
