import { type ApiContext, type Call, changeableServiceOf } from '../context.ts';
import { ApiError } from '../error.ts';

/** openapi.md DeleteServiceInstances: an instance is replaced, or with SoftRestart only its process. */
export function deleteServiceInstances(context: ApiContext, call: Call) {
  const row = changeableServiceOf(context, call);
  call.query.refuse(['Container', 'IsReplica']);
  const isSoft = call.query.flag('SoftRestart');
  const names = (call.query.text('InstanceList') ?? '').split(',').filter((name) => name !== '');
  if (names.length === 0) throw new ApiError(400, 'MissingParameter', 'InstanceList is missing');
  const known = context.lifecycle.instances(row.id);
  const chosen = names.map((name) => {
    const found = known.find(({ identity }) => identity.name === name);
    if (!found)
      throw new ApiError(
        404,
        'InvalidInstance.NotFound',
        `Instance [${name}] of service [${row.name}] is not found`,
      );
    return found;
  });
  if (isSoft) for (const instance of chosen) instance.restart();
  else context.lifecycle.drain(row.id, names);
  return {
    Message: `Instance(s) [${names.join(',')}] for service [${row.name}] in region [${context.region}] was deleted successfully`,
  };
}
