import { eventTime } from '../../clock.ts';
import { type ApiContext, type Call, serviceOf } from '../context.ts';
import { utcTime } from '../times.ts';

const WEEK_MS = 7 * 24 * 3600 * 1000;

/** openapi.md DescribeServiceEvent: newest first, of the last seven days unless StartTime says otherwise. */
export function describeServiceEvent(context: ApiContext, call: Call) {
  const row = serviceOf(context, call);
  const { query } = call;
  const pageNum = query.whole('PageNum', 1, 1, 1_000_000);
  const pageSize = query.whole('PageSize', 100, 1, 1000);
  const { rows, total } = context.state.events.list({
    serviceId: row.id,
    type: query.oneOf('EventType', ['Normal', 'Warning']),
    instance: query.text('InstanceName'),
    from: utcTime(query.text('StartTime'), 'StartTime') ?? new Date(Date.now() - WEEK_MS).toISOString(),
    to: utcTime(query.text('EndTime'), 'EndTime'),
    limit: pageSize,
    offset: (pageNum - 1) * pageSize,
  });
  return {
    Events: rows.map(({ at, type, reason, resource, message }) => ({
      Time: eventTime(new Date(at)),
      Type: type,
      Reason: reason,
      Resource: resource,
      Message: message,
    })),
    PageNum: pageNum,
    TotalCount: total,
    TotalPageNum: Math.ceil(total / pageSize),
  };
}
