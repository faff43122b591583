/**
 * The beginning of a command line that goes to the same place as this one: `eascmd -e local`. Credentials are not
 * repeated: lines for people hold no secrets. Words that a shell would take apart stand in single quotes.
 */
export function repeatedProgram(globals: Record<string, unknown>): string {
  const flags = [
    ['-c', globals.config],
    ['-e', globals.endpoint],
  ];
  const given = flags.filter((pair): pair is [string, string] => typeof pair[1] === 'string');
  return ['eascmd', ...given.flatMap(([flag, value]) => [flag, quoted(value)])].join(' ');
}

const quoted = (word: string) => (/^[\w./:@%+=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
