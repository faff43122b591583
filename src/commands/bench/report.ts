import type { Arguments } from '../../cli/arguments.ts';
import type { Context } from '../../cli/context.ts';
import { EasError } from '../../core/errors.ts';
import type { View } from '../../ui/view.ts';
import { benchmarkReportView } from '../../ui/views/benchmarks.ts';

/** eascmd.md 2.14: the report is there when the task is stopped. */
export async function run({ clients, program }: Context, args: Arguments): Promise<View> {
  const task = args.required(0);
  const api = await clients.api();
  const { Status: status } = await api.describeBenchmarkTask(task);
  const report = status === 'Stopped' ? await api.describeBenchmarkTaskReport(task, 'Report') : undefined;
  if (!report?.ReportUrl)
    throw new EasError({
      code: 'NoReport',
      message: `Benchmark task [${task}] is ${status}: its report is there when it is Stopped`,
      hint: `end it: ${program} bench stop ${task}; or see its numbers: ${program} bench visualize ${task}`,
    });
  return benchmarkReportView(task, report);
}
