import type { Arguments } from '../cli/arguments.ts';
import type { Context } from '../cli/context.ts';
import type { View } from '../ui/view.ts';
import { waitFor } from './watching/wait.ts';

/** Watches until the service changes no more; a service that never was is an error of the API. */
export async function run(context: Context, args: Arguments): Promise<View> {
  const name = args.required(0);
  const api = await context.clients.api();
  await api.describeService(name);
  const service = await waitFor(context, args, { name, goal: { kind: 'settled' } });
  return {
    text: () => [
      service ? `[OK] Service is ${service.Status.toLowerCase()}` : '[OK] Service was deleted successfully',
    ],
    json: () => service ?? { ServiceName: name, Status: 'Deleted' },
  };
}
