import type { Arguments } from '../../cli/arguments.ts';
import type { Context } from '../../cli/context.ts';
import type { BenchmarkTaskDetail } from '../../core/benchmark/api.ts';
import type { Acknowledgement } from '../../core/service/model.ts';
import type { View } from '../../ui/view.ts';
import { agentLine } from '../../ui/views/benchmarks.ts';
import { acceptedView } from '../../ui/views/changes.ts';
import { serveStats } from './stats.ts';
import { describeLine, waitForTask } from './waiting.ts';

/**
 * The common end of bench create and bench start (eascmd.md 2.14): the wait, then the page until Ctrl-C. Where nobody can
 * press it (no terminal, -o json) the command ends when the task runs, and says how to open the page.
 */
export async function followStart(
  context: Context,
  args: Arguments,
  { task, before, reply }: { task: string; before?: BenchmarkTaskDetail; reply: Acknowledgement },
): Promise<View> {
  if (!args.isSet('wait')) return acceptedView(describeLine(context, task), reply, 'task');
  const seen = await waitForTask(context, args, { task, before, goal: 'running', lineOf: agentLine });
  context.say(`[OK] Benchmark task is ${seen?.Status === 'Stopped' ? 'stopped' : 'Running'}`);
  const view = { text: (): string[] => [], json: () => ({ ...seen, RequestId: reply.RequestId }) };
  if (context.isJson) return view;
  if (context.io.stdout.isTty && context.io.stdin.isTty && args.isSet('visualize'))
    await serveStats(context, task, { port: 0, untilEnd: false });
  else
    context.say(`[OK] To observe realtime visualization details: ${context.program} bench visualize ${task}`);
  return view;
}
