import { type ApiContext, type Call, serviceOf } from '../context.ts';
import { ApiError, invalid } from '../error.ts';

/** openapi.md UpdateServiceSafetyLock; the one change a lock never stops. */
export function updateServiceSafetyLock(context: ApiContext, call: Call) {
  const { Lock: lock } = call.json();
  if (lock === undefined || lock === null) throw new ApiError(400, 'MissingParameter', 'Lock is missing');
  if (lock !== 'all' && lock !== 'dangerous' && lock !== 'none')
    throw invalid(`Lock must be all, dangerous or none, not ${JSON.stringify(lock)}`);
  const row = serviceOf(context, call);
  context.state.services.change(row.id, { safety_lock: lock }, true);
  return { Message: `service safety lock updated to ${lock}` };
}
