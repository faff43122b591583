import { constants } from 'node:fs';
import { access, readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, normalize, resolve } from 'node:path';
import { usageError } from '../../core/errors.ts';
import { unreadable } from '../description.ts';

export interface ChosenFile {
  /** As the user typed it; for files of a folder, below what was typed. */
  typed: string;
  path: string;
  /** Name in the object store, below the prefix. */
  name: string;
  sizeBytes: number;
}

export interface Chosen {
  files: ChosenFile[];
  /** One for each argument: the object's name, or that of the folder with a slash behind. */
  roots: string[];
}

interface Options {
  /** `--keep`: the folders of an absolute path, or of one that leads upwards, stay in the name. */
  isKeeping: boolean;
  note: (line: string) => void;
}

/**
 * The files that the arguments mean: files, folders with all that is below, patterns for shells that leave them to us.
 * EasError (exit 2) when one is absent or can't be read, or when two would become the same object.
 */
export async function findFiles(cwd: string, typed: string[], options: Options): Promise<Chosen> {
  const chosen: Chosen = { files: [], roots: [] };
  for (const argument of await expand(cwd, typed)) {
    const path = resolve(cwd, argument);
    const facts = await stat(path).catch((cause) => {
      throw unreadable(argument, cause);
    });
    const name = objectName(argument, path, options.isKeeping);
    if (facts.isDirectory()) {
      const before = chosen.files.length;
      await walk({ path, typed: argument, name }, await identitiesOf(path), chosen.files, options.note);
      if (chosen.files.length === before) throw usageError('EmptyFolder', `there is no file in ${argument}`);
      chosen.roots.push(`${name}/`.replace(/^\//, ''));
    } else if (facts.isFile()) {
      await checkReadable(argument, path);
      chosen.files.push({ typed: argument, path, name, sizeBytes: facts.size });
      chosen.roots.push(name);
    } else throw usageError('NotAFile', `${argument} is neither a file nor a folder`);
  }
  return { files: withoutTwins(chosen.files), roots: [...new Set(chosen.roots)] };
}

async function expand(cwd: string, typed: string[]): Promise<string[]> {
  const found: string[] = [];
  for (const argument of typed) {
    const isThere = await access(resolve(cwd, argument)).then(
      () => true,
      () => false,
    );
    if (isThere || !/[*?[{]/.test(argument)) found.push(argument);
    else found.push(...(await matches(cwd, argument)));
  }
  return found;
}

async function matches(cwd: string, pattern: string): Promise<string[]> {
  const root = isAbsolute(pattern) ? resolve('/') : cwd;
  const relative = isAbsolute(pattern) ? pattern.slice(root.length) : pattern;
  const found = await Array.fromAsync(
    new Bun.Glob(relative).scan({ cwd: root, onlyFiles: false, dot: false }),
  );
  if (found.length === 0) throw usageError('FileNotFound', `no file matches ${pattern}`);
  return found.sort().map((path) => (isAbsolute(pattern) ? join(root, path) : path));
}

/** A relative path is kept as typed; of one that leads elsewhere only the last part says anything, unless `--keep`. */
function objectName(typed: string, path: string, isKeeping: boolean): string {
  const name = normalize(typed).replaceAll('\\', '/').replace(/\/$/, '');
  if (name === '.') return isKeeping ? '' : basename(path);
  const leadsElsewhere = isAbsolute(typed) || /^\.\.(\/|$)/.test(name);
  if (!leadsElsewhere) return name;
  if (!isKeeping) return basename(path);
  return name.replace(/^([A-Za-z]:)?(\/|\.\.(\/|$))+/, '') || basename(path);
}

interface Folder {
  path: string;
  typed: string;
  name: string;
}

/** Files below a folder in order of their names; `above` are the folders on the way, against links that lead back. */
async function walk(
  folder: Folder,
  above: string[],
  files: ChosenFile[],
  note: Options['note'],
): Promise<void> {
  const names = await readdir(folder.path).catch((cause) => {
    throw unreadable(folder.typed, cause);
  });
  for (const entry of names.sort()) {
    const path = join(folder.path, entry);
    const typed = join(folder.typed, entry);
    const name = folder.name === '' ? entry : `${folder.name}/${entry}`;
    const facts = await stat(path).catch((cause) => {
      throw unreadable(typed, cause);
    });
    if (facts.isDirectory()) {
      if (above.includes(identity(facts)))
        note(`[WARN] left out ${typed}: the link leads back to a folder above`);
      else await walk({ path, typed, name }, [...above, identity(facts)], files, note);
    } else if (facts.isFile()) {
      await checkReadable(typed, path);
      files.push({ typed, path, name, sizeBytes: facts.size });
    } else note(`[WARN] left out ${typed}: neither a file nor a folder`);
  }
}

const identity = ({ dev, ino }: { dev: number; ino: number }) => `${dev}:${ino}`;

/** Of a folder and of all that it lies in. */
async function identitiesOf(path: string): Promise<string[]> {
  const found: string[] = [];
  for (let folder = await realpath(path); ; folder = dirname(folder)) {
    found.push(identity(await stat(folder)));
    if (folder === dirname(folder)) return found;
  }
}

async function checkReadable(typed: string, path: string): Promise<void> {
  await access(path, constants.R_OK).catch((cause) => {
    throw unreadable(typed, cause);
  });
}

/** A file that was named twice goes up once. */
function withoutTwins(files: ChosenFile[]): ChosenFile[] {
  const byName = new Map<string, ChosenFile>();
  for (const file of files) {
    const other = byName.get(file.name);
    if (other && other.path !== file.path)
      throw usageError(
        'SameObject',
        `${other.typed} and ${file.typed} would both become the object ${file.name}`,
        'Use --keep to keep their folders in the names, or upload them one by one with --to.',
      );
    byName.set(file.name, file);
  }
  return [...byName.values()];
}
