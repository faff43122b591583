import { type ApiContext, type Call, changeableServiceOf } from '../context.ts';

/** openapi.md StopService; its sample message is a copy error of the reference, so this one says what happens. */
export function stopService(context: ApiContext, call: Call) {
  const { state, region } = context;
  const row = state.transaction(() => {
    const current = changeableServiceOf(context, call, 'dangerous');
    if (current.desired === 'running') {
      const change = { desired: 'stopped', status: 'Stopping', message: 'Service is stopping' } as const;
      state.services.change(current.id, change, true);
    }
    return current;
  });
  context.lifecycle.wake(row.id);
  return { Message: `Service [${row.name}] in region [${region}] is stopping` };
}
