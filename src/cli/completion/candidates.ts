import { catalogue, globalOptions } from '../catalogue.ts';
import { type CommandSpec, type OptionSpec, spellings } from '../command.ts';

export interface Candidate {
  word: string;
  meaning: string;
}

/** What may stand at the cursor. `options` are the values of the options before it, by attribute name. */
export interface Completion {
  candidates: Candidate[];
  /** Names that only the API or the disk knows. */
  wants: 'services' | 'tasks' | 'regions' | 'files' | undefined;
  options: Record<string, string>;
}

/** Reads the words before the cursor against the command tree; never fails, whatever they are. */
export function completionOf(before: string[], current: string): Completion {
  const line = read(before);
  const { spec, pending, options } = line;
  const nothing = { candidates: [], wants: undefined, options };
  if (pending) return { ...nothing, ...valuesOf(nameOf(pending), pending.flags, pending.values, current) };
  if (current.startsWith('-')) return { ...nothing, candidates: flags(spec, current) };
  if (!spec) return { ...nothing, candidates: nextWords(line.words, current) };
  if (spec.name === 'help') return { ...nothing, candidates: nextWords(line.positionals, current) };
  const declared = spec.arguments ?? [];
  const last = declared.at(-1);
  const argument = declared[line.positionals.length] ?? (last?.[0].includes('...') ? last : undefined);
  if (!argument) return nothing;
  return { ...nothing, ...valuesOf('', argument[0], argument[2], current) };
}

interface Line {
  spec: CommandSpec | undefined;
  /** Words of the command so far, when they don't make one yet. */
  words: string[];
  positionals: string[];
  /** The option whose value stands at the cursor. */
  pending: OptionSpec | undefined;
  options: Record<string, string>;
}

function read(before: string[]): Line {
  const line: Line = { spec: undefined, words: [], positionals: [], pending: undefined, options: {} };
  for (const word of before) {
    if (line.pending) {
      line.options[nameOf(line.pending)] = word;
      line.pending = undefined;
    } else if (word.startsWith('-') && word.length > 1) readFlag(line, word);
    else if (line.spec) line.positionals.push(word);
    else {
      line.words.push(word);
      line.spec = commandOf(line.words.join(' '));
    }
  }
  return line;
}

function readFlag(line: Line, word: string): void {
  const [flag, value] = word.startsWith('--')
    ? word.split('=', 2)
    : [word.slice(0, 2), word.slice(2) || undefined];
  const option = optionsOf(line.spec).find(({ flags: text }) => text.split(/[ ,]+/).includes(flag!));
  if (!option?.flags.includes('<')) return;
  if (value === undefined) line.pending = option;
  else line.options[nameOf(option)] = value;
}

function valuesOf(
  name: string,
  notation: string,
  values: readonly string[] | undefined,
  current: string,
): Pick<Completion, 'candidates' | 'wants'> {
  if (values) {
    const fitting = values.filter((word) => word.startsWith(current));
    return { candidates: fitting.map((word) => ({ word, meaning: '' })), wants: undefined };
  }
  if (name === 'endpoint') return { candidates: [], wants: 'regions' };
  if (notation.includes('<service_name>')) return { candidates: [], wants: 'services' };
  if (notation === '<task>') return { candidates: [], wants: 'tasks' };
  return { candidates: [], wants: /file|json|<dir>/.test(notation) ? 'files' : undefined };
}

/** The first or second words of commands. */
function nextWords(words: string[], current: string): Candidate[] {
  const prefix = words.map((word) => `${word} `).join('');
  const found = new Map<string, string>();
  for (const spec of catalogue)
    for (const known of spellings(spec)) {
      const next = known.startsWith(prefix) ? known.slice(prefix.length).split(' ') : [];
      if (next[0]?.startsWith(current) && next[0] !== '')
        found.set(next[0], next.length > 1 ? `${next[0]} …` : spec.summary);
    }
  return [...found].map(([word, meaning]) => ({ word, meaning }));
}

function flags(spec: CommandSpec | undefined, current: string): Candidate[] {
  const help = { flags: '-h, --help', meaning: 'explain the command' };
  return [...optionsOf(spec), help].flatMap(({ flags: text, meaning }) => {
    const names = text.split(/[ ,]+/).filter((part) => part.startsWith('-'));
    const long = names.find((part) => part.startsWith('--')) ?? names[0]!;
    return long.startsWith(current) ? [{ word: long, meaning }] : [];
  });
}

const optionsOf = (spec: CommandSpec | undefined) => [...(spec?.options ?? []), ...globalOptions];

const commandOf = (name: string) => catalogue.find((spec) => spellings(spec).includes(name));

/** `-k, --access-key-secret <secret>` is `accessKeySecret`. */
function nameOf({ flags: text }: OptionSpec): string {
  const long = /--([a-z-]+)/.exec(text)?.[1] ?? '';
  return long.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
