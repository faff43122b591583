import { chmod, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Writes a file whole or not at all; one that was there keeps its mode. */
export async function replaceFile(file: string, text: string): Promise<void> {
  const unfinished = join(dirname(file), `.${basename(file)}.${crypto.randomUUID()}`);
  try {
    const handle = await open(unfinished, 'wx');
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    const before = await stat(file).catch(() => undefined);
    if (before) await chmod(unfinished, before.mode & 0o7777);
    await rename(unfinished, file);
  } finally {
    await rm(unfinished, { force: true });
  }
}
