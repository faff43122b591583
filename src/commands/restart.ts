import type { Arguments } from '../cli/arguments.ts';
import type { Context } from '../cli/context.ts';
import type { View } from '../ui/view.ts';
import { followChange, runningLine } from './watching/change.ts';

/** openapi.md RestartService. */
export async function run(context: Context, args: Arguments): Promise<View> {
  const name = args.required(0);
  const api = await context.clients.api();
  const before = await api.describeService(name);
  const reply = await api.restartService(name);
  return followChange(context, args, {
    name,
    before,
    reply,
    goal: { kind: 'running' },
    lastLine: runningLine,
  });
}
