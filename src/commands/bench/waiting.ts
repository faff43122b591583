import type { Arguments } from '../../cli/arguments.ts';
import type { Context } from '../../cli/context.ts';
import type { BenchmarkTaskDetail } from '../../core/benchmark/api.ts';
import { type BenchmarkGoal, judgeTask } from '../../core/benchmark/states.ts';
import { EasError } from '../../core/errors.ts';
import { STALE_MS } from '../../core/wait/goal.ts';
import { look } from '../../core/wait/look.ts';
import { WaitLines } from '../../ui/progress.ts';
import { waitOut } from '../watching/waiting.ts';

export interface TaskWait {
  task: string;
  goal: BenchmarkGoal;
  /** The task before the change, when an answer may be older than that. */
  before?: BenchmarkTaskDetail;
  /** The line about a look; none when absent. */
  lineOf?: (task: BenchmarkTaskDetail) => string;
}

const NOT_YET: Record<BenchmarkGoal, string> = {
  running: 'was not ready',
  updated: 'was not updated',
  stopped: 'was not stopped',
  deleted: 'was not deleted',
};

/** The line that looks at a task again. */
export const describeLine = ({ program }: Context, task: string) => `${program} bench desc ${task}`;

/** Waits for a benchmark task, with the lines of eascmd.md 2.14; errors and outcomes as those of services. */
export async function waitForTask(
  context: Context,
  args: Arguments,
  { task, goal, before, lineOf }: TaskWait,
): Promise<BenchmarkTaskDetail | undefined> {
  const api = await context.clients.api();
  // The cloud may answer with what it knew before the change; Local EAS answers a change when it is stored.
  const old = (await context.clients.target()).kind === 'local' ? undefined : before;
  const lines = new WaitLines(context.io.now);
  let hasMoved = false;
  return waitOut<BenchmarkTaskDetail>(context, args, {
    what: `benchmark task [${task}]`,
    resume: describeLine(context, task),
    goesOn: 'nothing is undone, the benchmark task goes on',
    look: (part) =>
      look({
        ...part,
        observe: () => api.describeBenchmarkTask(task).catch(absentIfNotFound),
        judge(seen, elapsedMs) {
          hasMoved ||= !seen || !old || looks(seen) !== looks(old);
          return judgeTask(goal, seen, !hasMoved && elapsedMs < STALE_MS);
        },
      }),
    linesOf: (seen) => (lineOf ? lines.repeat(lineOf(seen)) : []),
    failure: (last) => failureOf(context, task, last),
    notYet: NOT_YET[goal],
    stateOf: ({ Status, Message }) => `it is ${Status}${Message ? `: ${Message}` : ''}`,
  });
}

const looks = ({ Status, Message, DesiredAgent, AvailableAgent }: BenchmarkTaskDetail) =>
  [Status, Message, DesiredAgent, AvailableAgent].join('\n');

function failureOf(context: Context, task: string, last: BenchmarkTaskDetail | undefined): EasError {
  if (!last)
    return new EasError({
      code: 'BenchmarkTaskGone',
      message: `Benchmark task [${task}] is gone: somebody deleted it while it was waited for`,
    });
  return new EasError({
    code: 'BenchmarkTaskFailed',
    message: `Benchmark task [${task}] is ${last.Status}${last.Message ? `: ${last.Message}` : ''}`,
    hint: last.Reason || `${describeLine(context, task)} shows more of it`,
  });
}

/** The code of a task that is not there is unknown, its HTTP status is not. */
export const isTaskNotFound = (error: unknown) => error instanceof EasError && error.status === 404;

function absentIfNotFound(error: unknown): undefined {
  if (isTaskNotFound(error)) return undefined;
  throw error;
}
