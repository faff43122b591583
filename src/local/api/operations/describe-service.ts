import { type ApiContext, type Call, serviceOf } from '../context.ts';
import { endpointsOf, serviceReply } from '../service-reply.ts';

/** openapi.md DescribeService. */
export function describeService(context: ApiContext, call: Call) {
  const row = serviceOf(context, call);
  return { ...serviceReply(context, row), ...endpointsOf(context, row) };
}
