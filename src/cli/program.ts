import { Command, CommanderError, Option } from 'commander';
import pkg from '../../package.json' with { type: 'json' };
import { type EasError, usageError } from '../core/errors.ts';
import { closest } from '../core/suggest.ts';
import { parseDuration } from '../core/wait/duration.ts';
import { Arguments } from './arguments.ts';
import { catalogue, globalOptions } from './catalogue.ts';
import { type CommandSpec, type OptionSpec, spellings } from './command.ts';
import { lesson } from './lesson.ts';

/** The command line, understood: either a command to run or text to print (help, version). */
export type Parsed =
  | { kind: 'command'; spec: CommandSpec; args: Arguments; globals: Record<string, unknown> }
  | { kind: 'text'; text: string; json: unknown };

const EPILOGUE = `
Learn a command:            eascmd help create
Start without an account:   eascmd -e local ls
Exit codes: 0 done, 1 failed, 2 wrong usage or input, 4 credentials, 8 still in progress, 70 bug
`;

/** Throws a usage error (exit 2) for anything that is not understood. */
export function parseCommandLine(argv: string[]): Parsed {
  let found: { spec: CommandSpec; args: Arguments } | undefined;
  const tree = buildTree((spec, command) => {
    found = { spec, args: new Arguments(command.args, command.opts()) };
  }, namedIn(argv));
  if (argv.length === 0) return helpOf(tree.help([]));
  try {
    tree.program.parse(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) {
      const text = tree.printed.join('');
      const isVersion = error.code === 'commander.version';
      return isVersion ? { kind: 'text', text, json: { version: pkg.version } } : helpOf(text);
    }
    throw usageOf(error, helpFor(argv, tree));
  }
  if (!found) throw usageError('MissingCommand', 'No command was given', 'see eascmd --help');
  return { kind: 'command', ...found, globals: tree.program.opts() };
}

const helpOf = (help: string): Parsed => ({ kind: 'text', text: help, json: { help } });

/** What `--help` prints after these words of a command; all commands for none. Throws a usage error. */
export function helpText(words: string[]): string {
  return buildTree(() => {}).help(words);
}

/** Commands that may be meant: options of the others, hundreds, need not be made. All of them for help. */
function namedIn(argv: string[]): (spec: CommandSpec) => boolean {
  const words = new Set(argv);
  const isNamed = (spec: CommandSpec) => spellings(spec).some((name) => words.has(name.split(' ').at(-1)!));
  const isHelp = words.has('-h') || words.has('--help') || !catalogue.some(isNamed);
  return isHelp ? () => true : isNamed;
}

interface Tree {
  program: Command;
  groups: Map<string, Command>;
  /** By all their spellings. */
  commands: Map<string, Command>;
  /** What commander wrote: help or the version. */
  printed: string[];
  help(words: string[]): string;
}

function buildTree(
  onCommand: (spec: CommandSpec, command: Command) => void,
  isWhole: (spec: CommandSpec) => boolean = () => true,
): Tree {
  const printed: string[] = [];
  const program = new Command('eascmd');
  const quiet = (command: Command) =>
    command.exitOverride().configureOutput({ writeOut: (text) => printed.push(text), writeErr: () => {} });
  quiet(program)
    .description('Deploy and run machine-learning models on PAI-EAS, or on this machine with -e local')
    .version(pkg.version, '-V, --version', 'print the version of eascmd')
    .usage('[options] <command>')
    .helpCommand(false)
    .addHelpText('after', EPILOGUE);
  for (const option of globalOptions) program.addOption(optionOf(option));

  const groups = new Map<string, Command>();
  const groupOf = (name: string): Command => {
    const known = groups.get(name);
    if (known) return known;
    const group = quiet(program.command(name)).summary(groupSummaries[name] ?? `${name} …`);
    group.helpCommand(false);
    groups.set(name, group);
    return group;
  };
  const commands = new Map<string, Command>();
  for (const spec of catalogue) {
    const words = spec.name.split(' ');
    const parent = words.length === 1 ? program : groupOf(words[0]!);
    const command = quiet(parent.command(words.at(-1)!))
      .summary(spec.summary)
      .description(spec.summary)
      .addHelpText('after', () => lesson(spec));
    command.aliases(spec.aliases ?? []).allowExcessArguments(false);
    for (const name of spellings(spec)) commands.set(name, command);
    if (!isWhole(spec)) continue;
    for (const [notation, meaning] of spec.arguments ?? []) command.argument(notation, meaning);
    for (const option of spec.options ?? []) command.addOption(optionOf(option));
    command.action(() => {
      refuseEmpty(spec, command.args);
      onCommand(spec, command);
    });
  }

  const help = (words: string[]) => {
    const name = words.join(' ');
    const command = words.length === 0 ? program : (commands.get(name) ?? groups.get(name));
    if (!command) throw unknownCommand(name, [...commands.keys(), ...groups.keys()]);
    printed.length = 0;
    command.outputHelp();
    return printed.join('');
  };
  return { program, groups, commands, printed, help };
}

const groupSummaries: Record<string, string> = {
  pysdk: 'Python processors: make a folder, pack it',
  resource: 'resource groups: list, desc, list_instance, network',
  bench: 'stress tests: create, list, desc, visualize, stop, start, delete, report, update',
  local: 'run EAS on this machine: start, stop, status, logs, reset',
};

function unknownCommand(name: string, known: string[]): EasError {
  const similar = closest(name, known);
  return usageError(
    'WrongUsage',
    `Unknown command '${name}'`,
    similar ? `Did you mean ${similar}?` : 'see eascmd --help',
  );
}

function optionOf(spec: OptionSpec): Option {
  const option = new Option(spec.flags, spec.meaning);
  if (!option.required) return option;
  return option.argParser<string | string[] | undefined>((value, earlier) => {
    if (value === '' && !spec.mayBeEmpty) throw emptyValue(option.long!);
    if (spec.isDuration) parseDuration(value, option.long!);
    return spec.isRepeated ? [...(earlier ?? []), value] : value;
  });
}

function refuseEmpty(spec: CommandSpec, given: string[]): void {
  const at = given.indexOf('');
  const [notation = ''] = spec.arguments?.[at] ?? spec.arguments?.at(-1) ?? [];
  if (at >= 0) throw emptyValue(notation);
}

function emptyValue(what: string): EasError {
  return usageError('EmptyValue', `${what} is empty`, 'is a variable of your script not set?');
}

/** The line that explains what was meant to be typed: the command's help, that of its group, or all of it. */
function helpFor(argv: string[], { commands, groups }: Tree): string {
  const [first = '', second = ''] = wordsOf(argv);
  for (const name of [`${first} ${second}`, first]) if (commands.has(name)) return `eascmd help ${name}`;
  return groups.has(first) ? `eascmd ${first} --help` : 'eascmd --help';
}

/** What is neither an option nor the value of a global one. */
function wordsOf(argv: string[]): string[] {
  const takesValue = new Set(
    globalOptions
      .filter(({ flags }) => flags.includes('<'))
      .flatMap(({ flags }) => flags.match(/--?[\w-]+/g)!),
  );
  return argv.filter((word, at) => !word.startsWith('-') && !takesValue.has(argv[at - 1] ?? ''));
}

/** commander says `error: unknown command 'creat'\n(Did you mean create?)`. */
function usageOf(error: CommanderError, help: string): EasError {
  if (error.code === 'commander.help') return usageError('MissingCommand', 'Which command?', `see ${help}`);
  const [what = '', suggestion] = error.message.replace(/^error: /, '').split('\n');
  const hint = suggestion?.replace(/^\((.*)\)$/, '$1') ?? `see ${help}`;
  return usageError('WrongUsage', what.charAt(0).toUpperCase() + what.slice(1), hint);
}
