import type { Arguments } from '../cli/arguments.ts';
import type { Context } from '../cli/context.ts';
import { usageError } from '../core/errors.ts';
import { mergeAutoscaler, readAutoscaler, settingsOf } from '../core/scaling/autoscaler.ts';
import type { View } from '../ui/view.ts';
import { acknowledgedView } from '../ui/views/changes.ts';
import { autoscalerView } from '../ui/views/scaling.ts';
import { shownName, textOf } from './description.ts';
import { scalingOrder } from './scaling/service.ts';

/** Sets, shows or removes the autoscaler of a service (eascmd.md 3.7). -D alone changes the one that is set. */
export async function run(context: Context, args: Arguments): Promise<View> {
  const { service, isRemoval } = await scalingOrder(context, args, 'autoscale');
  const file = args.text('source');
  const assignments = args.list('define');
  const isShow = file === undefined && assignments.length === 0;
  if (isRemoval && !isShow)
    throw usageError('WrongUsage', 'rm takes neither -D nor -s', `eascmd autoscale rm ${service}`);
  const input = readAutoscaler({
    file: file === undefined ? undefined : { text: await textOf(context, file), name: shownName(file) },
    assignments,
  });
  for (const warning of input.warnings) context.note(`[WARN] ${warning}`);
  const api = await context.clients.api();
  if (isRemoval) return acknowledgedView(await api.deleteAutoscaler(service));
  if (isShow) return autoscalerView(await api.describeAutoscaler(service));
  const { AutoscalerEnabled: isSet } = await api.describeService(service);
  const current = isSet && file === undefined ? settingsOf(await api.describeAutoscaler(service)) : undefined;
  const settings = mergeAutoscaler(input, current);
  return acknowledgedView(
    isSet ? await api.updateAutoscaler(service, settings) : await api.createAutoscaler(service, settings),
  );
}
