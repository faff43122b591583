import { isObject } from '../../service/values.ts';
import type { ServiceQuery } from '../../state/services.ts';
import type { ApiContext, Call } from '../context.ts';
import { invalid } from '../error.ts';
import { serviceReply } from '../service-reply.ts';

const sortColumns = {
  CreateTime: 'created_at',
  UpdateTime: 'updated_at',
  ServiceName: 'name',
  Status: 'status',
} as const satisfies Record<string, ServiceQuery['sort']>;

/** Filters about things no local service has. */
const UNSERVED = [
  'Accessibility',
  'AutoscalerEnabled',
  'CronscalerEnabled',
  'Gateway',
  'GroupName',
  'ParentServiceUid',
  'QuotaId',
  'ResourceAliasName',
  'ResourceBurstable',
  'ResourceId',
  'ResourceName',
  'ResourceType',
  'Role',
  'ServiceType',
  'TrafficState',
  'WorkspaceId',
];

/** openapi.md ListServices: newest first unless asked otherwise. */
export function listServices(context: ApiContext, call: Call) {
  const { query } = call;
  query.refuse(UNSERVED);
  const page = query.page();
  const caller = query.text('CallerUid');
  const sort = query.oneOf('Sort', Object.keys(sortColumns) as (keyof typeof sortColumns)[]) ?? 'CreateTime';
  const { rows, total } =
    caller !== undefined && caller !== context.uid
      ? { rows: [], total: 0 }
      : context.state.services.list({
          filter: query.text('Filter'),
          name: query.text('ServiceName'),
          id: query.text('ServiceUid'),
          status: query.text('ServiceStatus'),
          labels: labelQuery(query.json('Label')),
          sort: sortColumns[sort],
          order: query.oneOf('Order', ['asc', 'desc']) ?? 'desc',
          limit: page.size,
          offset: page.offset,
        });
  return {
    Services: rows.map((row) => serviceReply(context, row)),
    PageNumber: page.number,
    PageSize: page.size,
    TotalCount: total,
  };
}

function labelQuery(value: unknown): Record<string, string | null> | undefined {
  if (value === undefined) return undefined;
  if (!isObject(value)) throw invalid('Label must be a JSON map');
  for (const text of Object.values(value))
    if (text !== null && typeof text !== 'string') throw invalid('Label must be a JSON map of texts or null');
  return value as Record<string, string | null>;
}
