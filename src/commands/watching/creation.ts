import type { Arguments } from '../../cli/arguments.ts';
import type { Context } from '../../cli/context.ts';
import type { CreateServiceReply, Service } from '../../core/service/model.ts';
import { requestIdLine, type View } from '../../ui/view.ts';
import { acceptedView } from '../../ui/views/changes.ts';
import { endpointTable } from '../../ui/views/services.ts';
import { isNotFound, resumeLine, waitFor } from './wait.ts';

/**
 * The common end of create and clone (eascmd.md 2.4): endpoints, the wait, the last line. The Token row comes from
 * DescribeService: CreateService does not answer it.
 */
export async function followCreation(
  context: Context,
  args: Arguments,
  reply: CreateServiceReply,
): Promise<View> {
  const api = await context.clients.api();
  const name = reply.ServiceName;
  const described = await api.describeService(name).catch((error): Partial<Service> => {
    if (isNotFound(error)) return {};
    throw error;
  });
  context.say(...requestIdLine(reply.RequestId), ...endpointTable({ ...reply, ...described }));
  if (!args.isSet('wait')) return acceptedView(resumeLine(context, name), { ...reply, ...described });
  const service = await waitFor(context, args, { name, goal: { kind: 'running' } });
  context.say('[OK] Service is running');
  return { text: () => [], json: () => ({ ...service, RequestId: reply.RequestId }) };
}
