import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Folders of a workspace (serving.md d.1): the model, and the processor package in a folder below `predictor/`. */
export const MODEL_FOLDER = 'model';
export const PREDICTOR_FOLDER = 'predictor';

/**
 * What the processor is given as its model, absolute (serving.md d.2): the entry in the model's folder, as it was
 * written, or that folder when the entry was only guessed from the name of a package.
 */
export async function modelEntryPath(workspace: string, entry: string): Promise<string> {
  const folder = `${join(workspace, MODEL_FOLDER)}/`;
  const isThere = await stat(folder + entry).then(
    () => true,
    () => false,
  );
  return isThere ? folder + entry : folder;
}

/** Folder that user code runs in: the one below `predictor/` that holds `entry`. Undefined when none does. */
export async function packageRoot(workspace: string, entry: string): Promise<string | undefined> {
  const predictor = join(workspace, PREDICTOR_FOLDER);
  const entries = await readdir(predictor, { withFileTypes: true }).catch(() => []);
  const folders = entries.filter((found) => found.isDirectory()).map((found) => join(predictor, found.name));
  for (const folder of [...folders, predictor]) {
    const found = await stat(join(folder, entry)).catch(() => undefined);
    if (found?.isFile()) return folder;
  }
  return undefined;
}
