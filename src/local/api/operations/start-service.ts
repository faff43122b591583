import { type ApiContext, type Call, changeableServiceOf } from '../context.ts';

/** openapi.md StartService. A running service stays as it is; a failed one is tried again at once. */
export function startService(context: ApiContext, call: Call) {
  const { state, region } = context;
  const row = state.transaction(() => {
    const current = changeableServiceOf(context, call);
    if (current.desired === 'stopped' || current.status === 'Failed') {
      const change = { desired: 'running', status: 'Starting', message: 'Service is now starting' } as const;
      state.services.change(current.id, change, true);
    }
    return current;
  });
  if (row.status === 'Running') context.lifecycle.wake(row.id);
  else context.lifecycle.retry(row.id);
  return { Message: `Service [${row.name}] in region [${region}] is starting` };
}
