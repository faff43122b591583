import type { Arguments } from '../cli/arguments.ts';
import { shells } from '../cli/catalogue/shell.ts';
import { completionScripts } from '../cli/completion/scripts.ts';
import type { Context } from '../cli/context.ts';
import { usageError } from '../core/errors.ts';
import type { View } from '../ui/view.ts';

/** A script for the shell's start file; it asks this program for the words (`__complete`). */
export async function run(_context: Context, args: Arguments): Promise<View> {
  const word = args.required(0);
  const shell = shells.find((known) => known === word);
  if (!shell)
    throw usageError(
      'UnknownShell',
      `There is no completion for ${JSON.stringify(word)}`,
      `use ${shells.join(', ')}`,
    );
  const script = completionScripts[shell];
  return { text: () => script.trim().split('\n'), json: () => ({ shell, script }) };
}
