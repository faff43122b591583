import { EasError } from '../../core/errors.ts';

/** One entry of an archive, as its header tells. */
export interface ArchiveEntry {
  path: string;
  kind: 'file' | 'folder' | 'symlink' | 'hardlink' | 'other';
  /** Target of a link. */
  target?: string;
}

/**
 * Why an entry can't be unpacked below a folder without reaching out of it, or undefined when it can. Links may
 * climb only at their beginning and not above the folder: a `..` behind a name could pass through another link.
 */
export function unsafeReason({ path, kind, target }: ArchiveEntry): string | undefined {
  if (path.includes('\0')) return 'its name holds a NUL byte';
  if (isAbsolute(path)) return 'its path is absolute';
  if (parts(path).includes('..')) return 'its path leaves the package';
  if (kind === 'other') return 'it is a device or a pipe';
  if (kind === 'hardlink') {
    if (isAbsolute(target ?? '') || parts(target ?? '').includes('..'))
      return 'it links to a file outside the package';
  }
  if (kind === 'symlink') {
    if (isAbsolute(target ?? '')) return 'it links to an absolute path';
    const steps = parts(target ?? '');
    const climbs = steps.findIndex((step) => step !== '..');
    const up = climbs < 0 ? steps.length : climbs;
    const depth = parts(path).length - 1;
    if (up > depth || steps.slice(up).includes('..')) return 'it links to a path outside the package';
  }
  return undefined;
}

/** Throws EasError for an entry that would leave the folder it is unpacked to. */
export function refuseUnsafe(entry: ArchiveEntry, shown: string): void {
  const reason = unsafeReason(entry);
  if (!reason) return;
  throw new EasError({
    code: 'PackageUnsafe',
    message: `${shown} is refused: ${reason} (${JSON.stringify(entry.path)})`,
    hint: 'pack the folder again with relative paths and links that stay inside it',
  });
}

function isAbsolute(path: string): boolean {
  return /^([/\\]|[A-Za-z]:[/\\])/.test(path);
}

function parts(path: string): string[] {
  return path.split(/[/\\]/).filter((part) => part !== '' && part !== '.');
}
