interface Rule {
  matcher: RegExp;
  isNegated: boolean;
  onlyFolders: boolean;
}

/** What a package never needs; a line of .easignore such as `!/app.json` takes one back in. */
export const DEFAULT_RULES: readonly string[] = [
  '/app.json',
  '/.easignore',
  '.git/',
  '.hg/',
  '.svn/',
  '.DS_Store',
  '.cache/',
  '.pytest_cache/',
  '.mypy_cache/',
  '.ruff_cache/',
  '.ipynb_checkpoints/',
  '__pycache__/',
  '!/ENV/**/__pycache__/',
  '/ENV/pkgs/',
];

/**
 * The subset of gitignore that `.easignore` speaks: `#` comments, `!`, a leading or inner `/` anchors at the root,
 * a trailing `/` means folders, `*`, `?`, `[…]`, `**`, `\` escapes. The last matching line decides; what lies in a
 * folder that is left out can't be taken back in.
 */
export class IgnoreRules {
  private readonly rules: Rule[];

  constructor(lines: readonly string[]) {
    this.rules = lines.flatMap((line) => ruleOf(line) ?? []);
  }

  /** `path` is relative to the package, with `/`. */
  leavesOut(path: string, isFolder: boolean): boolean {
    let isLeftOut = false;
    for (const { matcher, isNegated, onlyFolders } of this.rules)
      if ((isFolder || !onlyFolders) && isLeftOut === isNegated && matcher.test(path)) isLeftOut = !isNegated;
    return isLeftOut;
  }
}

function ruleOf(line: string): Rule | undefined {
  let pattern = line.replace(/\r$/, '').replace(/(?<!\\)\s+$/, '');
  if (pattern === '' || pattern.startsWith('#')) return undefined;
  const isNegated = pattern.startsWith('!');
  if (isNegated) pattern = pattern.slice(1);
  const onlyFolders = pattern.endsWith('/');
  if (onlyFolders) pattern = pattern.slice(0, -1);
  const isAnchored = pattern.includes('/');
  pattern = pattern.replace(/^\//, '');
  if (pattern === '') return undefined;
  const matcher = new RegExp(`^${isAnchored ? '' : '(?:.*/)?'}${expression(pattern)}$`, 'su');
  return { matcher, isNegated, onlyFolders };
}

const TOKEN = /\*\*\/|\/\*\*$|\*+|\?|\[!?\]?[^\]]*\]|\\.|./gsu;

function expression(pattern: string): string {
  return pattern.replaceAll(TOKEN, (token) => {
    if (token === '**/') return '(?:.*/)?';
    if (token === '/**') return '/.*';
    if (token.startsWith('*')) return '[^/]*';
    if (token === '?') return '[^/]';
    if (token.length > 1 && token.startsWith('['))
      return token.replace(/^\[!/, '[^').replaceAll(/(?<!^)[[\]\\](?!$)/g, '\\$&');
    return escaped(token.length > 1 && token.startsWith('\\') ? token.slice(1) : token);
  });
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
