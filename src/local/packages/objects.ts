import { copyFileSync, linkSync, mkdirSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';

/** The part of the object store that packages need (local/objects). */
export interface StoredObjects {
  objectFile(bucket: string, key: string): { path: string } | undefined;
  listPrefix(bucket: string, prefix: string): { key: string; path: string }[];
}

export interface ObjectLookup {
  /** Path of the file that holds the object now. */
  file(bucket: string, key: string): string | undefined;
  /** Lays the objects under a prefix out as a folder and answers how many there were. */
  layOut(bucket: string, prefix: string, folder: string): number;
}

export function objectLookup(store: StoredObjects): ObjectLookup {
  return {
    file: (bucket, key) => store.objectFile(bucket, key)?.path,
    layOut(bucket, prefix, folder) {
      let count = 0;
      for (const { key, path } of store.listPrefix(bucket, prefix)) {
        const target = resolve(folder, key.slice(prefix.length));
        // Folder markers end with a slash, and a key may say `../`: neither is a file inside the folder.
        if (key.endsWith('/') || !target.startsWith(folder + sep)) continue;
        mkdirSync(dirname(target), { recursive: true });
        linkOrCopy(path, target);
        count++;
      }
      if (count > 0) mkdirSync(join(folder), { recursive: true });
      return count;
    },
  };
}

/** A hard link costs nothing; user code only ever sees the copy that `__prepare` makes. */
function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}
