import type { Arguments } from '../cli/arguments.ts';
import type { Context } from '../cli/context.ts';
import { requestIdLine, type View } from '../ui/view.ts';
import { acceptedView } from '../ui/views/changes.ts';
import { confirmed } from './confirmation.ts';
import { resumeLine, waitFor } from './watching/wait.ts';

/** eascmd.md 2.6. */
export async function run(context: Context, args: Arguments): Promise<View> {
  const name = args.required(0);
  const { region } = await context.clients.target();
  await confirmed(context, args, {
    question: `Are you sure to delete the service [${name}] in [${region}]?`,
    refused: `Service [${name}] was not deleted`,
  });
  const api = await context.clients.api();
  const reply = await api.deleteService(name);
  context.say(...requestIdLine(reply.RequestId), `[OK] ${reply.Message}`);
  if (!args.isSet('wait')) return acceptedView(resumeLine(context, name), reply);
  await waitFor(context, args, {
    name,
    goal: { kind: 'deleted' },
    lineOf: () => '[OK] Service is terminating',
  });
  context.say('[OK] Service was deleted successfully');
  return { text: () => [], json: () => reply };
}
