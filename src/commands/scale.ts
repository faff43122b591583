import { type Arguments, wholeNumber } from '../cli/arguments.ts';
import type { Context } from '../cli/context.ts';
import type { View } from '../ui/view.ts';
import { dryRunView } from '../ui/views/changes.ts';
import { followChange, runningLine } from './watching/change.ts';
import { scaleGoal } from './watching/scaled.ts';

/** Most instances that a count may be: the API's number is an int32 everywhere else. */
const MOST = 0x7fff_ffff;

/** openapi.md ScaleService; the same as `modify -Dmetadata.instance=<n>` (eascmd.md 1.3). */
export async function run(context: Context, args: Arguments): Promise<View> {
  const name = args.required(0);
  const instances = wholeNumber(args.required(1), '<instances>', 0, MOST);
  if (args.isSet('dryRun')) {
    const target = await context.clients.target();
    const path = `/api/v2/services/${target.region}/${name}/scale`;
    return dryRunView(target, { method: 'PUT', path, body: { Instance: instances } });
  }
  const api = await context.clients.api();
  const before = await api.describeService(name);
  const reply = await api.scaleService(name, instances);
  return followChange(context, args, {
    name,
    before,
    reply,
    goal: scaleGoal(before, instances),
    lastLine: runningLine,
  });
}
