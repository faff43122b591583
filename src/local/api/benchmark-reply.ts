import type { BenchmarkSummary } from '../state/benchmarks.ts';
import { type ApiContext, type Call, regionOf } from './context.ts';
import { ApiError } from './error.ts';

/** The task a path names, or an error. */
export function taskOf(context: ApiContext, call: Call): BenchmarkSummary {
  regionOf(context, call);
  const { TaskName: name = '' } = call.params;
  const row = context.state.benchmarks.byName(name);
  if (!row)
    throw new ApiError(
      404,
      'InvalidBenchmarkTask.NotFound',
      `Benchmark task [${name}] in region [${context.region}] is not found`,
    );
  return row;
}

/** A task as lists have it (openapi.md ListBenchmarkTask). */
export function taskReply(context: ApiContext, row: BenchmarkSummary) {
  return {
    TaskName: row.name,
    TaskId: row.id,
    ServiceName: row.service,
    Region: context.region,
    Status: row.status,
    Message: row.message,
    AvailableAgent: context.benchmarks.availableAgents(row.name),
    CreateTime: row.created_at,
    UpdateTime: row.updated_at,
  };
}

/** `bench desc` prints the stored document, which the SDK's model of the reply leaves out: a guess at its name and form. */
export const configOf = (row: BenchmarkSummary) => ({ Config: row.config });

/** Path of the summary page; the number tells the runs of a task apart, as in eascmd.md 2.14. */
export const reportPath = (name: string, run: number) =>
  `/eas-benchmark/summary/${name}-${10_000 + run}.html`;
