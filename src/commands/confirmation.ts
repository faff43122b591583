import type { Arguments } from '../cli/arguments.ts';
import type { Context } from '../cli/context.ts';
import { EasError } from '../core/errors.ts';
import { confirm } from '../ui/prompts.ts';

/** Asks unless --yes or --force was given; a no is an error that says what was not done. */
export async function confirmed(
  { io, signal }: Context,
  args: Arguments,
  words: { question: string; refused: string },
): Promise<void> {
  if (args.isSet('yes') || args.isSet('force')) return;
  if (await confirm(io, words.question, signal)) return;
  throw new EasError({ code: 'Declined', message: `${words.refused}: the answer was no` });
}
