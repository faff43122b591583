import type { Arguments } from '../cli/arguments.ts';
import type { Context } from '../cli/context.ts';
import type { View } from '../ui/view.ts';
import { changeService, runningLine } from './watching/change.ts';

export function run(context: Context, args: Arguments): Promise<View> {
  return changeService(context, args, 'startService', { goal: { kind: 'running' }, lastLine: runningLine });
}
