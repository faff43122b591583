import type { Arguments } from '../cli/arguments.ts';
import type { Context } from '../cli/context.ts';
import { usageError } from '../core/errors.ts';
import { readCronscaler } from '../core/scaling/cronscaler.ts';
import type { View } from '../ui/view.ts';
import { acknowledgedView } from '../ui/views/changes.ts';
import { cronscalerView } from '../ui/views/scaling.ts';
import { shownName, textOf } from './description.ts';
import { scalingOrder } from './scaling/service.ts';

/** Sets, shows or removes the schedule by which a service is scaled (eascmd.md 3.7). */
export async function run(context: Context, args: Arguments): Promise<View> {
  const { service, isRemoval } = await scalingOrder(context, args, 'cronscale');
  const file = args.text('source');
  if (isRemoval && file !== undefined)
    throw usageError('WrongUsage', 'rm takes no -s', `eascmd cronscale rm ${service}`);
  const settings =
    file === undefined ? undefined : readCronscaler(await textOf(context, file), shownName(file));
  const api = await context.clients.api();
  if (isRemoval) return acknowledgedView(await api.deleteCronscaler(service));
  if (!settings) return cronscalerView(await api.describeCronscaler(service));
  const { CronscalerEnabled: isSet } = await api.describeService(service);
  return acknowledgedView(
    isSet ? await api.updateCronscaler(service, settings) : await api.createCronscaler(service, settings),
  );
}
