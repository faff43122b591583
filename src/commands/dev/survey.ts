import { type Dirent, readdirSync, readFileSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_RULES, IgnoreRules } from '../../pysdk/archive/ignore.ts';

/** A project as it is at one moment, without its contents. */
export interface Survey {
  /** By path in the project: changes when the file is written or replaced. */
  files: Map<string, string>;
  /** Absolute. */
  folders: string[];
}

/** What editors lay down beside a file while it is edited and saved. */
const OF_EDITORS = ['.*.sw?', '*~', '.#*', '\\#*#', '4913', '*___jb_tmp___', '*___jb_old___'];

/** Everything that `pysdk pack` would take and app.json, but not ENV; `.easignore` names more to leave out. */
export function survey(folder: string): Survey {
  const found: Survey = { files: new Map(), folders: [] };
  const rules = new IgnoreRules([
    ...DEFAULT_RULES,
    ...OF_EDITORS,
    '/.venv/',
    ...ownRules(folder),
    '/ENV/',
    '/ENV',
    '!/app.json',
    '!/.easignore',
  ]);
  look(folder, '', rules, found, new Set());
  return found;
}

function ownRules(folder: string): string[] {
  try {
    return readFileSync(join(folder, '.easignore'), 'utf8').split('\n');
  } catch {
    return [];
  }
}

/** `seen` ends circles of links. What goes away or can't be read while we look is simply not there. */
function look(root: string, path: string, rules: IgnoreRules, found: Survey, seen: Set<string>): void {
  const folder = join(root, path);
  found.folders.push(folder);
  for (const entry of entriesOf(folder)) {
    const inner = path === '' ? entry.name : `${path}/${entry.name}`;
    if (rules.leavesOut(inner, entry.isDirectory())) continue;
    const stats = statOf(join(root, inner));
    if (!stats) continue;
    if (stats.isFile()) found.files.set(inner, `${stats.ino} ${stats.size} ${stats.mtimeMs}`);
    if (!stats.isDirectory()) continue;
    const identity = `${stats.dev} ${stats.ino}`;
    if (seen.has(identity) || (entry.isSymbolicLink() && rules.leavesOut(inner, true))) continue;
    look(root, inner, rules, found, seen.add(identity));
  }
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}
