import type { Arguments } from '../cli/arguments.ts';
import type { Context } from '../cli/context.ts';
import type { View } from '../ui/view.ts';
import { changeService } from './watching/change.ts';

export function run(context: Context, args: Arguments): Promise<View> {
  return changeService(context, args, 'stopService', {
    goal: { kind: 'stopped' },
    lastLine: () => '[OK] Service is stopped',
  });
}
