import { statsHeaders, statsPage } from '../../core/benchmark/page.ts';
import { reportPath } from '../api/benchmark-reply.ts';
import type { BenchmarkTasks } from '../benchmark/tasks.ts';
import type { State } from '../state/state.ts';

/** The summary that ReportUrl leads to: the numbers of the last run, drawn as `bench visualize` does. */
export function benchmarkPage(path: string, state: State, tasks: BenchmarkTasks): Response | undefined {
  const name = /^\/eas-benchmark\/summary\/([\w-]+)-\d+\.html$/.exec(path)?.[1];
  const row = name === undefined ? undefined : state.benchmarks.byName(name);
  if (!row || reportPath(row.name, row.run) !== path) return undefined;
  const task = {
    TaskName: row.name,
    ServiceName: row.service,
    Status: row.status,
    Message: row.message,
    Reason: row.reason,
  };
  return new Response(statsPage({ task, data: tasks.report(row.name) }, false), { headers: statsHeaders() });
}
