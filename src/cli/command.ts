import type { View } from '../ui/view.ts';
import type { Arguments } from './arguments.ts';
import type { Context } from './context.ts';

/** A command as data; its code is imported when it is the one at hand. */
export interface CommandSpec {
  /** Words after `eascmd`, e.g. `create` or `local start`. */
  name: string;
  /** Other words for the last one. */
  aliases?: string[];
  summary: string;
  /** In commander's notation: `<service_name>`, `[data]`; `values` are the words that are accepted, when they are few. */
  arguments?: [notation: string, meaning: string, values?: readonly string[]][];
  options?: OptionSpec[];
  load(): Promise<CommandModule>;
}

export interface OptionSpec {
  /** In commander's notation: `-s, --source <file>`. */
  flags: string;
  meaning: string;
  /** The words that are accepted, when they are few. */
  values?: readonly string[];
  /** May be given more than once; the values make a list. */
  isRepeated?: boolean;
  /** Checked while the line is read, before anything is sent. */
  isDuration?: boolean;
  /** An empty value means something; elsewhere it is the unset variable of a script, and refused. */
  mayBeEmpty?: boolean;
}

export interface CommandModule {
  /** Does the work and returns what is to be shown; lines of progress go through the context. */
  run(context: Context, args: Arguments): Promise<View>;
}

/** All ways to write a command: `resource list`, `resource ls`. */
export function spellings({ name, aliases = [] }: CommandSpec): string[] {
  const group = name.slice(0, name.lastIndexOf(' ') + 1);
  return [name, ...aliases.map((alias) => group + alias)];
}
