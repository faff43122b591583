import { Command, CommanderError, Option } from 'commander';
import pkg from '../../package.json' with { type: 'json' };
import { type EasError, usageError } from '../core/errors.ts';
import { parseDuration } from '../core/wait/duration.ts';
import { Arguments } from './arguments.ts';
import { catalogue, globalOptions, groupSummaries } from './catalogue.ts';
import type { CommandSpec, OptionSpec } from './command.ts';

/** The command line, understood: either a command to run or text to print (help, version). */
export type Parsed =
  | { kind: 'command'; spec: CommandSpec; args: Arguments; globals: Record<string, unknown> }
  | { kind: 'text'; text: string };

const EPILOGUE = `
Start without an account:   eascmd -e local ls
Exit codes: 0 done, 1 failed, 2 wrong usage or input, 4 credentials, 8 still in progress, 70 bug`;

/** Throws a usage error (exit 2) for anything that is not understood. */
export function parseCommandLine(argv: string[]): Parsed {
  let found: { spec: CommandSpec; args: Arguments } | undefined;
  const printed: string[] = [];
  const program = new Command('eascmd');
  const quiet = (command: Command) =>
    command.exitOverride().configureOutput({ writeOut: (text) => printed.push(text), writeErr: () => {} });
  quiet(program)
    .description('Deploy and run machine-learning models on PAI-EAS, or on this machine with -e local')
    .version(pkg.version, '-V, --version', 'print the version of eascmd')
    .usage('[options] <command>')
    .addHelpText('after', EPILOGUE);
  for (const option of globalOptions) program.addOption(optionOf(option));

  const groups = new Map<string, Command>();
  for (const spec of catalogue) {
    const words = spec.name.split(' ');
    const parent = words.length === 1 ? program : groupOf(words[0]!);
    const command = quiet(parent.command(words.at(-1)!))
      .summary(spec.summary)
      .description(spec.summary);
    command.aliases(spec.aliases ?? []).allowExcessArguments(false);
    for (const [notation, meaning] of spec.arguments ?? []) command.argument(notation, meaning);
    for (const option of spec.options ?? []) command.addOption(optionOf(option));
    command.action(() => {
      found = { spec, args: new Arguments(command.args, command.opts()) };
    });
  }

  function groupOf(name: string): Command {
    const known = groups.get(name);
    if (known) return known;
    const group = quiet(program.command(name)).summary(groupSummaries[name] ?? '');
    groups.set(name, group);
    return group;
  }

  if (argv.length === 0) return { kind: 'text', text: program.helpInformation() + EPILOGUE.concat('\n') };
  try {
    program.parse(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { kind: 'text', text: printed.join('') };
    throw usageOf(error, argv.find((word) => groups.has(word)) ?? '');
  }
  if (!found) throw usageError('MissingCommand', 'No command was given', 'see eascmd --help');
  return { kind: 'command', ...found, globals: program.opts() };
}

function optionOf(spec: OptionSpec): Option {
  const option = new Option(spec.flags, spec.meaning);
  if (spec.isRepeated)
    option.argParser((value: string, earlier: string[] | undefined) => [...(earlier ?? []), value]);
  if (spec.isDuration)
    option.argParser((value: string) => {
      parseDuration(value, option.long!);
      return value;
    });
  return option;
}

/** commander says `error: unknown command 'creat'\n(Did you mean create?)`. */
function usageOf(error: CommanderError, group: string): EasError {
  if (error.code === 'commander.help')
    return usageError('MissingCommand', 'Which command?', `see eascmd ${group} --help`);
  const [what = '', suggestion] = error.message.replace(/^error: /, '').split('\n');
  const hint = suggestion?.replace(/^\((.*)\)$/, '$1') ?? 'see eascmd --help';
  return usageError('WrongUsage', what.charAt(0).toUpperCase() + what.slice(1), hint);
}
