import { lstat, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { EasError, usageError } from '../../core/errors.ts';
import type { ProjectFile } from './languages.ts';

/** Writes new files below `folder`. Throws before the first one when any is there already: nothing is overwritten. */
export async function writeProject(folder: string, shown: string, files: ProjectFile[]): Promise<void> {
  const present: string[] = [];
  for (const { path } of files) if (await exists(join(folder, path))) present.push(path);
  if (present.length > 0)
    throw usageError(
      'FilesExist',
      `${shown} already holds ${present.join(', ')}; nothing was written`,
      'name a new folder: eascmd init <language> <dir>',
    );
  try {
    for (const { path, text, isExecutable } of files) {
      const file = join(folder, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text, { flag: 'wx', mode: isExecutable ? 0o755 : 0o644 });
    }
  } catch (cause) {
    throw new EasError({
      code: 'ProjectNotWritten',
      message: `The project can't be written to ${shown}: ${(cause as Error).message}`,
      hint: 'name a folder that can be written to: eascmd init <language> <dir>',
      cause,
    });
  }
}

/** A dangling link is something too. */
function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
