import { type Dirent, lstatSync, readdirSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { EasError } from '../../core/errors.ts';
import type { IgnoreRules } from './ignore.ts';
import type { TarEntry } from './tar.ts';

/** An entry and the file that holds its content. */
export interface TreeEntry extends TarEntry {
  file: string;
}

export interface Tree {
  /** Sorted by path, folders before what they hold. */
  entries: TreeEntry[];
  /** Lines for people about what was taken in another way than it stands there. */
  notes: string[];
}

/**
 * What of a folder goes into its package. Links that stay inside are kept (absolute ones become relative); what a
 * link outside points to is taken in its place. Throws EasError for a link that leads nowhere or in a circle.
 */
export function readTree(root: string, rules: IgnoreRules): Tree {
  const walk = new Walk(root, rules);
  walk.folder(root, '', [realpathSync(root)]);
  return { entries: walk.entries, notes: walk.notes };
}

class Walk {
  readonly entries: TreeEntry[] = [];
  readonly notes: string[] = [];
  /** Real paths of the folders whose content is in the package: the root, and those followed through links. */
  private readonly packed: string[];

  constructor(
    private readonly root: string,
    private readonly rules: IgnoreRules,
  ) {
    this.packed = [realpathSync(root)];
  }

  /** `ancestors` are the real paths of the folders on the way, so that a link back to one of them is noticed. */
  folder(folder: string, path: string, ancestors: string[]): void {
    for (const item of sorted(folder, path)) {
      const at = path === '' ? item.name : `${path}/${item.name}`;
      const file = join(folder, item.name);
      if (item.isSymbolicLink()) this.link(file, at, ancestors);
      else if (item.isDirectory()) this.subfolder(file, at, ancestors);
      else if (item.isFile()) this.file(file, at);
      else if (!this.rules.leavesOut(at, false))
        this.notes.push(`${at} is left out: it is no file, folder or link`);
    }
  }

  private subfolder(file: string, path: string, ancestors: string[]): void {
    if (this.rules.leavesOut(path, true)) return;
    this.entries.push({ path, file, kind: 'folder', sizeBytes: 0, isExecutable: true });
    this.folder(file, path, [...ancestors, realpathSync(file)]);
  }

  private file(file: string, path: string): void {
    if (this.rules.leavesOut(path, false)) return;
    const { size, mode } = statSync(file);
    this.entries.push({ path, file, kind: 'file', sizeBytes: size, isExecutable: (mode & 0o111) !== 0 });
  }

  private link(file: string, path: string, ancestors: string[]): void {
    if (this.rules.leavesOut(path, false)) return;
    const written = readlinkSync(file);
    const real = realTarget(file, path, written);
    const inside = this.insideTarget(file, written, real);
    if (inside !== undefined) {
      this.entries.push({ path, file, kind: 'symlink', sizeBytes: 0, isExecutable: true, target: inside });
      return;
    }
    // Also a folder that holds one of them: the project would be in the package again and again.
    if (ancestors.some((folder) => isBelow(real, folder))) throw loop(path, written);
    this.notes.push(
      `${path} links to ${written}, outside the package: what it points to is packed in its place`,
    );
    if (statSync(real).isDirectory()) {
      this.packed.push(real);
      this.subfolder(file, path, ancestors);
    } else this.file(file, path);
  }

  /** The link as it will stand in the archive, or undefined when it leads outside. */
  private insideTarget(file: string, written: string, real: string): string | undefined {
    if (!this.packed.some((folder) => isBelow(folder, real))) return undefined;
    if (!isAbsolute(written))
      return isBelow(this.root, resolve(dirname(file), written)) ? written : undefined;
    for (const root of [this.root, this.packed[0]!])
      if (isBelow(root, written))
        return relative(dirname(file), join(this.root, relative(root, written))) || '.';
    return undefined;
  }
}

/** Folder and name order must not depend on the file system. */
function sorted(folder: string, path: string): Dirent[] {
  try {
    const items = readdirSync(folder, { withFileTypes: true });
    return items.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (cause) {
    throw unreadable(path || '.', cause);
  }
}

function realTarget(file: string, path: string, written: string): string {
  try {
    return realpathSync(file);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ELOOP') throw loop(path, written);
    lstatSync(file);
    throw new EasError({
      code: 'BrokenLink',
      message: `${path} links to ${written}, which is not there`,
      hint: 'remove the link, or name it in .easignore',
      cause,
    });
  }
}

function loop(path: string, written: string): EasError {
  return new EasError({
    code: 'LinkLoop',
    message: `${path} links to ${written}, which leads back to itself`,
    hint: 'remove the link, or name it in .easignore',
  });
}

/** `what` can't be read: permissions, or it is gone. */
export function unreadable(what: string, cause: unknown): EasError {
  const { code } = cause as NodeJS.ErrnoException;
  const reasons: Record<string, string> = {
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    ENOENT: 'it is gone',
  };
  return new EasError({
    code: 'UnreadableFile',
    message: `Can't read ${what}: ${reasons[code ?? ''] ?? code ?? String(cause)}`,
    hint: 'make it readable, or name it in .easignore',
    cause,
  });
}

export function isBelow(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}
