import { type ApiContext, type Call, changeableServiceOf } from '../context.ts';
import { ApiError } from '../error.ts';

/** openapi.md RestartService: all instances are replaced, new ones first. */
export function restartService(context: ApiContext, call: Call) {
  const { state } = context;
  const row = state.transaction(() => {
    const current = changeableServiceOf(context, call);
    if (current.desired === 'stopped')
      throw new ApiError(409, 'InvalidService.Stopped', `Service [${current.name}] is stopped; start it`);
    const change = { revision: current.revision + 1, status: 'Updating', message: 'Service is restarting' };
    state.services.change(current.id, change, true);
    return current;
  });
  context.lifecycle.wake(row.id);
  return { Message: 'Service is restarting' };
}
