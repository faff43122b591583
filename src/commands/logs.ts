import type { Arguments } from '../cli/arguments.ts';
import type { Context } from '../cli/context.ts';
import type { View } from '../ui/view.ts';
import { lastLogLines } from './watching/failure.ts';

export async function run({ clients }: Context, args: Arguments): Promise<View> {
  const lines = await lastLogLines(await clients.api(), args.required(0), {
    instanceName: args.text('instance'),
    previous: args.isSet('previous') || undefined,
    count: args.wholeNumber('tail', 1, 10_000) ?? 500,
  });
  return { text: () => lines, json: () => ({ Logs: lines }) };
}
