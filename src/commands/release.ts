import type { Arguments } from '../cli/arguments.ts';
import type { Context } from '../cli/context.ts';
import { usageError } from '../core/errors.ts';
import { requestIdLine, type View } from '../ui/view.ts';
import { confirmed } from './confirmation.ts';

/** eascmd.md 2.5: the weight is the percentage of the traffic for the named service. */
export async function run(context: Context, args: Arguments): Promise<View> {
  const name = args.required(0);
  const weight = args.wholeNumber('weight', 0, 100);
  if (weight === undefined)
    throw usageError(
      'MissingWeight',
      `How much of the traffic is for service [${name}]?`,
      `pass the percentage: eascmd release ${name} -w 20`,
    );
  await confirmed(context, args, {
    question: `Confirmed to release this service at weight [${weight}%]?`,
    refused: `Service [${name}] was not released`,
  });
  const api = await context.clients.api();
  const reply = await api.releaseService(name, weight);
  return {
    text: () => [...requestIdLine(reply.RequestId), `[OK] Service [${name}] is weighted to ${weight}% now`],
    json: () => ({ ...reply, ServiceName: name, Weight: weight }),
  };
}
