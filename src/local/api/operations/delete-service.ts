import { settleEntrance } from '../../release/pair.ts';
import { type ApiContext, type Call, changeableServiceOf } from '../context.ts';

/** openapi.md DeleteService: the service is terminating until DescribeService no longer finds it. Its twin takes all traffic. */
export function deleteService(context: ApiContext, call: Call) {
  const { state, region } = context;
  const row = state.transaction(() => {
    const current = changeableServiceOf(context, call, 'dangerous');
    const change = { desired: 'deleted', status: 'Deleting', message: 'Service is terminating' } as const;
    state.services.change(current.id, change, true);
    settleEntrance(state, current.entrance);
    return current;
  });
  context.lifecycle.wake(row.id);
  context.forgetRoutes();
  return { Message: `Service [${row.name}] in region [${region}] is terminating` };
}
