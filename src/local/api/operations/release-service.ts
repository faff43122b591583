import { living } from '../../release/pair.ts';
import { type ApiContext, type Call, changeableServiceOf } from '../context.ts';
import { ApiError, invalid } from '../error.ts';

/**
 * openapi.md ReleaseService for blue-green pairs: `Weight` percent of the entrance go to this service, the rest to
 * the other, and the twin's own endpoint closes (serving.md e).
 */
export function releaseService(context: ApiContext, call: Call) {
  const { state, region } = context;
  const { Weight: weight, TrafficState: trafficState } = call.json();
  if (trafficState !== undefined && trafficState !== null)
    throw invalid('TrafficState is not supported by Local EAS');
  if (weight === undefined || weight === null)
    throw new ApiError(400, 'MissingParameter', 'Weight is missing');
  if (typeof weight !== 'number' || !Number.isInteger(weight) || weight < 0 || weight > 100)
    throw invalid(`Weight must be a whole number from 0 to 100, not ${JSON.stringify(weight)}`);
  const row = state.transaction(() => {
    const current = changeableServiceOf(context, call);
    const pair = current.entrance === null ? [] : living(state.services.ofEntrance(current.entrance));
    const other = pair.find(({ id }) => id !== current.id);
    if (!other)
      throw new ApiError(
        400,
        'InvalidService.NotAssociated',
        `Service [${current.name}] has no associated service to share traffic with; create one with create -r`,
      );
    state.services.change(other.id, { has_own_endpoint: 0, weight: 100 - weight }, true);
    state.services.change(current.id, { has_own_endpoint: 0, weight }, true);
    return current;
  });
  context.lifecycle.wake(row.id);
  context.forgetRoutes();
  return {
    Message: `Releasing service [${row.name}] in region [${region}] with weight [${weight}], service status: [${row.status}]`,
  };
}
