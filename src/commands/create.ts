import type { Arguments } from '../cli/arguments.ts';
import type { Context } from '../cli/context.ts';
import type { Service } from '../core/service/model.ts';
import { requestIdLine, type View } from '../ui/view.ts';
import { acceptedView, dryRunView } from '../ui/views/changes.ts';
import { endpointTable } from '../ui/views/services.ts';
import { readDescription } from './description.ts';
import { isNotFound, waitFor } from './watching/wait.ts';

/** eascmd.md 2.4; with -r an associated service, whose name the system makes (2.5). The Token row comes from DescribeService: CreateService does not answer it. */
export async function run(context: Context, args: Arguments): Promise<View> {
  const document = await readDescription(context, args.required(0), 'create');
  const isAssociated = args.isSet('associated');
  if (args.isSet('dryRun'))
    return dryRunView(await context.clients.target(), {
      method: 'POST',
      path: isAssociated ? '/api/v2/services?BlueGreen=true' : '/api/v2/services',
      body: document,
    });
  const api = await context.clients.api();
  const reply = await api.createService(document, { isAssociated });
  const name = reply.ServiceName;
  const described = await api.describeService(name).catch((error): Partial<Service> => {
    if (isNotFound(error)) return {};
    throw error;
  });
  context.say(...requestIdLine(reply.RequestId), ...endpointTable({ ...reply, ...described }));
  if (!args.isSet('wait')) return acceptedView(name, { ...reply, ...described });
  const service = await waitFor(context, args, { name, goal: { kind: 'running' } });
  context.say('[OK] Service is running');
  return { text: () => [], json: () => ({ ...service, RequestId: reply.RequestId }) };
}
