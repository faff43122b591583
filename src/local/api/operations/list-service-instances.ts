import { type ApiContext, type Call, serviceOf } from '../context.ts';
import { instanceReply, waitingReplies } from '../instance-reply.ts';

/** openapi.md ListServiceInstances; oldest first unless asked otherwise. */
export function listServiceInstances(context: ApiContext, call: Call) {
  const row = serviceOf(context, call);
  const { query } = call;
  query.refuse([
    'InstanceType',
    'IsSpot',
    'ListReplica',
    'MemberType',
    'QuotaId',
    'ReplicaName',
    'Resource',
    'Role',
  ]);
  query.refuse(['ResourceType', 'HostIP', 'InstanceIP']);
  const page = query.page();
  const [filter, name, status] = [
    query.text('Filter'),
    query.text('InstanceName'),
    query.text('InstanceStatus'),
  ];
  query.oneOf('Sort', ['StartTime']);
  const instances = context.lifecycle.instances(row.id);
  const alive = instances.filter(({ isAlive }) => isAlive).length;
  const found = [...instances.map((instance) => instanceReply(row, instance)), ...waitingReplies(row, alive)]
    .filter((instance) => !filter || String(instance.InstanceName).includes(filter))
    .filter((instance) => !name || instance.InstanceName === name)
    .filter((instance) => !status || instance.Status === status);
  if (query.oneOf('Order', ['asc', 'desc']) === 'desc') found.reverse();
  return {
    Instances: found.slice(page.offset, page.offset + page.size),
    PageNumber: page.number,
    PageSize: page.size,
    TotalCount: found.length,
  };
}
