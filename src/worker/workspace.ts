import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Folders of a workspace (serving.md d.1): the model, and the processor package below `predictor/`. */
export const MODEL_FOLDER = 'model';
export const PREDICTOR_FOLDER = 'predictor';

/**
 * Folder that user code runs in: the one below `predictor/` that holds `entry`. Archives often wrap everything in one
 * folder, so that level is looked at too. Undefined when none holds it.
 */
export async function packageRoot(workspace: string, entry: string): Promise<string | undefined> {
  const predictor = join(workspace, PREDICTOR_FOLDER);
  const outer = await foldersOf(predictor);
  const inner = (await Promise.all(outer.map(onlyFolder))).filter((folder) => folder !== undefined);
  for (const folder of [...outer, ...inner, predictor]) {
    if (await isFile(join(folder, entry))) return folder;
  }
  return undefined;
}

/** The single folder in `folder`, when it holds nothing else. */
async function onlyFolder(folder: string): Promise<string | undefined> {
  const entries = await readdir(folder, { withFileTypes: true });
  const [entry] = entries;
  return entries.length === 1 && entry?.isDirectory() ? join(folder, entry.name) : undefined;
}

async function foldersOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map((entry) => join(folder, entry.name));
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
