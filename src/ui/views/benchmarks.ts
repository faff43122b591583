import type { BenchmarkReport, BenchmarkTask, BenchmarkTaskDetail } from '../../core/benchmark/api.ts';
import { maskSecrets } from '../masking.ts';
import { headedTable, jsonRows, keyValueTable } from '../tables.ts';
import { localTime } from '../times.ts';
import { requestIdLine, type View } from '../view.ts';

const LIST_HEADER = ['TaskName', 'TaskId', 'Region', 'AvailableAgent', 'Status', 'CreateTime'];

const SHOWN_CONTENT = 200;

/** `bench ls`: eascmd.md 2.14. */
export function benchmarkListView(reply: { RequestId: string; Tasks: BenchmarkTask[] }): View {
  return {
    text: () => [
      ...requestIdLine(reply.RequestId),
      ...headedTable(
        LIST_HEADER,
        reply.Tasks.map((task) => [
          task.TaskName,
          task.TaskId ?? '',
          task.Region ?? '',
          String(task.AvailableAgent ?? 0),
          task.Status,
          localTime(task.CreateTime),
        ]),
      ),
    ],
    json: () => reply,
  };
}

/** `bench desc`: the rows of eascmd.md 2.14, and why the test is over when the API says so. */
export function benchmarkView(task: BenchmarkTaskDetail): View {
  return {
    text: () =>
      keyValueTable([
        ['TaskName', task.TaskName],
        ['TaskId', task.TaskId ?? ''],
        ['ServiceName', task.ServiceName ?? ''],
        ['Region', task.Region ?? ''],
        ['DesiredAgent', String(task.DesiredAgent ?? 0)],
        ['AvailableAgent', String(task.AvailableAgent ?? 0)],
        ['Status', task.Status],
        ['Message', task.Message ?? ''],
        ...(task.Reason ? [['Reason', task.Reason]] : []),
        ['CreateTime', localTime(task.CreateTime)],
        ['UpdateTime', localTime(task.UpdateTime)],
        ...configRows(task.Config),
      ]),
    json: () => task,
  };
}

function configRows(config: BenchmarkTaskDetail['Config']): string[][] {
  if (!config) return [['Config', '']];
  try {
    const document = typeof config === 'string' ? JSON.parse(config) : config;
    return jsonRows('Config', shortened(maskSecrets(document) as Record<string, unknown>));
  } catch {
    return [['Config', String(config)]];
  }
}

/** A request in base64 may have megabytes, and a table is as wide as its longest word. */
function shortened(document: Record<string, unknown>): Record<string, unknown> {
  const { content } = (document.data ?? {}) as { content?: unknown };
  if (typeof content !== 'string' || content.length <= SHOWN_CONTENT) return document;
  const short = `${content.slice(0, SHOWN_CONTENT)}… (${content.length} characters)`;
  return { ...document, data: { ...(document.data as object), content: short } };
}

/** `bench report`: eascmd.md 2.14. */
export function benchmarkReportView(task: string, report: BenchmarkReport): View {
  return {
    text: () => [`[OK] Benchmark task ${task} report url: ${report.ReportUrl}`],
    json: () => report,
  };
}

/** A look at a task that starts or stops; `Agnet` is the tool's own spelling. */
export const agentLine = ({ AvailableAgent = 0, DesiredAgent = 0, Message = '' }: BenchmarkTaskDetail) =>
  `[OK] [Agnet: ${AvailableAgent}/${DesiredAgent}]: ${Message}`;

/** A look at a task that is updated: eascmd.md 2.14, spaces included. */
export const updateLine = (task: BenchmarkTaskDetail) =>
  `[OK] ${task.Status} [TaskName: ${task.TaskName}, DesiredAgent:${task.DesiredAgent ?? 0}, AvailableAgent: ${task.AvailableAgent ?? 0}, Message: ${task.Message ?? ''}]`;

/** What stands below the page's address in eascmd.md 2.14; `program` leads to the same target again. */
export const visualizeLines = (url: string, program: string, task: string) => [
  `[OK] Click the link ${url} to observe realtime visualization details, you can turn it off with CTRL+C.`,
  'Turning off will not interrupt the benchmark test task, and you can reopen it by the visualize command:',
  `${program} bench visualize ${task}`,
];
