import type { Service } from '../../core/service/model.ts';
import type { Goal } from '../../core/wait/goal.ts';

/** All instances run and there are as many as asked for; a stopped service stays stopped. */
export function scaleGoal(before: Service, instances: number): Goal {
  if (before.Status === 'Stopped') return { kind: 'settled' };
  return {
    kind: 'running',
    reached: (service) => service.TotalInstance === instances && service.RunningInstance === instances,
  };
}
