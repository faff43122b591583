import type { Arguments } from '../../cli/arguments.ts';
import type { Context } from '../../cli/context.ts';
import { usageError } from '../../core/errors.ts';
import { readNetwork } from '../../core/resource/network.ts';
import type { View } from '../../ui/view.ts';
import { acknowledgedView } from '../../ui/views/changes.ts';
import { shownName, textOf } from '../description.ts';

/** eascmd.md 3.5: `Action` decides between the two operations and is not sent. */
export async function run(context: Context, args: Arguments): Promise<View> {
  const id = args.required(0);
  const file = args.text('source');
  if (file === undefined)
    throw usageError(
      'MissingSource',
      `What is to become of the network of resource group [${id}]?`,
      `pass the network JSON: eascmd resource network ${id} -s network.json`,
    );
  const link = readNetwork(await textOf(context, file), shownName(file));
  const api = await context.clients.api();
  return acknowledgedView(link ? await api.updateResourceDLink(id, link) : await api.deleteResourceDLink(id));
}
