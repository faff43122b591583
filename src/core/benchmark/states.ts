import type { Verdict } from '../wait/goal.ts';
import type { BenchmarkTaskDetail } from './api.ts';

export type BenchmarkGoal = 'running' | 'updated' | 'stopped' | 'deleted';

const BROKEN = new Set(['Error', 'CreateFailed', 'UpdateFailed', 'DeleteFailed', 'Terminated']);
const ENDED = new Set(['Stopped', ...BROKEN]);

/** Whether the task sends nothing any more and won't by itself (eascmd.md section 5). */
export const hasEnded = (status: string) => ENDED.has(status);

/**
 * The truth table of waiting for a task (test/unit/benchmark-wait.test.ts). `mayBeOld`: the answer may be from before
 * the change, as it shows what the task was then.
 */
export function judgeTask(
  goal: BenchmarkGoal,
  task: BenchmarkTaskDetail | undefined,
  mayBeOld: boolean,
): Verdict {
  if (!task) return goal === 'deleted' ? 'done' : 'failed';
  const { Status: status } = task;
  if (goal === 'deleted') return status === 'DeleteFailed' ? 'failed' : 'waiting';
  if (mayBeOld) return 'waiting';
  if (goal === 'stopped') return status === 'Stopped' ? 'done' : BROKEN.has(status) ? 'failed' : 'waiting';
  if (BROKEN.has(status) || status === 'Deleting') return 'failed';
  if (status === 'Running') return 'done';
  // A short task may be over before anybody looked; it has run.
  if (status === 'Stopped') return goal === 'running' ? 'done' : 'failed';
  return 'waiting';
}
