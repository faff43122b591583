import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** One environment string of 128 KiB makes every exec fail; stay well below. */
const MAX_PATH_BYTES = 64 * 1024;

/**
 * Folders at and below `root` that hold shared libraries, for LD_LIBRARY_PATH (serving.md d.6). Folders that don't fit
 * in an environment string are left out, the deepest first.
 */
export async function libraryFolders(root: string): Promise<string[]> {
  const found: string[] = [];
  let bytes = 0;
  let level = [root];
  while (level.length > 0) {
    const next: string[] = [];
    for (const folder of level) {
      const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
      if (entries.some((entry) => !entry.isDirectory() && /\.so(\.|$)/.test(entry.name))) {
        bytes += Buffer.byteLength(folder) + 1;
        if (bytes > MAX_PATH_BYTES) return found;
        found.push(folder);
      }
      for (const entry of entries) if (entry.isDirectory()) next.push(join(folder, entry.name));
    }
    level = next;
  }
  return found;
}
