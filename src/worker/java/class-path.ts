import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

const isJar = (name: string) => name.toLowerCase().endsWith('.jar');

/**
 * What a Java package puts on the class path, in order: `entry` (a jar, or a folder of classes), the package's own
 * folder, its jars, and those in `lib/` and beside the entry. Sorted by name, so that every start is the same.
 */
export async function classPath(root: string, entry: string): Promise<string[]> {
  const found = new Set<string>();
  if (entry !== '') found.add(join(root, entry));
  found.add(root);
  const inEntry = entry !== '' && (await isFolder(join(root, entry)));
  for (const folder of [root, join(root, 'lib'), ...(inEntry ? [join(root, entry, 'lib')] : [])]) {
    const names = await readdir(folder).catch(() => []);
    for (const name of names.filter(isJar).sort()) found.add(join(folder, name));
  }
  return [...found];
}

/** The folder below `predictor/` that holds the package; `prepare` has laid it out there. */
export async function javaPackage(predictor: string, entry: string): Promise<string | undefined> {
  const entries = await readdir(predictor, { withFileTypes: true }).catch(() => []);
  for (const { name } of entries.filter((found) => found.isDirectory())) {
    const folder = join(predictor, name);
    if (entry === '' || (await stat(join(folder, entry)).catch(() => undefined))) return folder;
  }
  return undefined;
}

/**
 * Folder of a package that names no entry: the package itself, or the only folder in it when that one holds jars, since
 * archives often wrap everything in one. A folder of classes (`com/…`) is no wrapping.
 */
export async function unwrapped(folder: string): Promise<string> {
  const [only, ...others] = await readdir(folder);
  if (only === undefined || only === 'lib' || others.length > 0) return folder;
  const inner = join(folder, only);
  if (!(await isFolder(inner))) return folder;
  const names = [...(await readdir(inner)), ...(await readdir(join(inner, 'lib')).catch(() => []))];
  return names.some(isJar) ? inner : folder;
}

function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
