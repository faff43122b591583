import type { Arguments } from '../../cli/arguments.ts';
import type { Context } from '../../cli/context.ts';
import { hasEnded } from '../../core/benchmark/states.ts';
import { EasError } from '../../core/errors.ts';
import type { View } from '../../ui/view.ts';
import { benchmarkReportView } from '../../ui/views/benchmarks.ts';

/** eascmd.md 2.14: the report is there when the task is stopped. */
export async function run({ clients, program }: Context, args: Arguments): Promise<View> {
  const task = args.required(0);
  const api = await clients.api();
  const { Status: status } = await api.describeBenchmarkTask(task);
  const report = status === 'Stopped' ? await api.describeBenchmarkTaskReport(task, 'Report') : undefined;
  if (report?.ReportUrl) return benchmarkReportView(task, report);
  const numbers = `see its numbers: ${program} bench visualize ${task}`;
  const [why, hint] =
    status === 'Stopped'
      ? ['its report is not written yet', `try again in a while; or ${numbers}`]
      : hasEnded(status)
        ? ['only a task that is Stopped has a report', numbers]
        : ['its report is there when it is Stopped', `end it: ${program} bench stop ${task}; or ${numbers}`];
  throw new EasError({ code: 'NoReport', message: `Benchmark task [${task}] is ${status}: ${why}`, hint });
}
