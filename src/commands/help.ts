import type { Arguments } from '../cli/arguments.ts';
import type { Context } from '../cli/context.ts';
import { helpText } from '../cli/program.ts';
import type { View } from '../ui/view.ts';

export async function run(_context: Context, args: Arguments): Promise<View> {
  const text = helpText(args.rest(0));
  return { text: () => text.trimEnd().split('\n'), json: () => ({ help: text }) };
}
