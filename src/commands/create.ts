import type { Arguments } from '../cli/arguments.ts';
import type { Context } from '../cli/context.ts';
import type { View } from '../ui/view.ts';
import { dryRunView } from '../ui/views/changes.ts';
import { readDescription } from './description.ts';
import { checkResourceGroup } from './resource/known.ts';
import { followCreation } from './watching/creation.ts';

/** eascmd.md 2.4; with -r an associated service, whose name the system makes (2.5). */
export async function run(context: Context, args: Arguments): Promise<View> {
  const document = await readDescription(context, args.required(0), 'create');
  const isAssociated = args.isSet('associated');
  if (args.isSet('dryRun'))
    return dryRunView(await context.clients.target(), {
      method: 'POST',
      path: isAssociated ? '/api/v2/services?BlueGreen=true' : '/api/v2/services',
      body: document,
    });
  await checkResourceGroup(context, document);
  const api = await context.clients.api();
  return followCreation(context, args, await api.createService(document, { isAssociated }));
}
