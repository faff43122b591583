import { realpathSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { ARCHIVE_MTIME_S } from '../archive/tar.ts';
import { isBelow, type TreeEntry } from '../archive/tree.ts';
import { condaBinaries, replaceInCStrings } from './conda.ts';
import { type Patch, type ReadAt, runPathOf, runPathPatches } from './elf.ts';
import { relocatePyc, type SourceFacts } from './pyc.ts';
import { type Place, relocateText } from './texts.ts';

/** Larger files are not read as a whole, other than conda's. */
const WHOLE_BYTES = 4 * 1024 * 1024;
const WHOLE_CONDA_BYTES = 64 * 1024 * 1024;
const ENV = 'ENV/';

/** How one environment becomes movable: what each of its files is in the archive. The files themselves stay as they are. */
export class Relocation {
  private readonly place: Place;
  private readonly prefixes: readonly string[];
  private readonly conda: Set<string>;
  private readonly fixedPaths: string[] = [];
  private readonly outside: string[] = [];

  constructor(root: string) {
    const env = join(root, 'ENV');
    this.prefixes = unique([realpathSync(env), join(realpathSync(root), 'ENV'), env]);
    this.place = {
      prefixes: this.prefixes.map(latin1),
      roots: unique([realpathSync(root), root]).map(latin1),
    };
    this.conda = condaBinaries(env);
  }

  /** Whether `content` wants the whole file. */
  wantsWhole({ path, sizeBytes }: TreeEntry): boolean {
    if (!path.startsWith(ENV)) return false;
    const limit = this.conda.has(path.slice(ENV.length)) ? WHOLE_CONDA_BYTES : WHOLE_BYTES;
    return sizeBytes <= limit;
  }

  /** The file's bytes in the archive; undefined when it has no business there. */
  content(entry: TreeEntry, bytes: Buffer): Buffer | undefined {
    const { path } = entry;
    if (path.endsWith('.pyc')) return this.compiled(entry, bytes);
    if (path.endsWith('.dist-info/direct_url.json') && bytes.includes('"file:')) return undefined;
    if (bytes.includes(0)) return this.binary(path, bytes);
    const text = bytes.toString('latin1');
    const { text: relocated, outside } = relocateText(path, text, this.place);
    this.outside.push(...outside.map((folder) => `${path} (${Buffer.from(folder, 'latin1')})`));
    return relocated === text ? bytes : Buffer.from(relocated, 'latin1');
  }

  /** Changes to a file that is too large to be held. */
  patches({ path }: TreeEntry, read: ReadAt): Patch[] {
    return path.startsWith(ENV) ? this.runPath(path, read) : [];
  }

  /** Lines for people about what will not work elsewhere. */
  warnings(): string[] {
    return [
      ...summary(
        this.fixedPaths,
        'looks for libraries in fixed folders',
        'look for libraries in fixed folders',
      ),
      ...summary(this.outside, 'names a folder outside the package', 'name folders outside the package'),
    ];
  }

  private compiled({ path, file }: TreeEntry, bytes: Buffer): Buffer | undefined {
    const cached = /^(.*)\/__pycache__\/([^/]+)\.cpython-[^/]*\.pyc$/.exec(file);
    if (!cached) return statOf(`${file.slice(0, -1)}`) ? undefined : bytes;
    return relocatePyc(bytes, path, statOf(join(cached[1]!, `${cached[2]}.py`)), {
      mtimeS: ARCHIVE_MTIME_S,
      replace: this.prefixes.map((prefix) => [prefix, 'ENV'] as const),
    });
  }

  private binary(path: string, bytes: Buffer): Buffer {
    let result = bytes;
    if (this.conda.has(path.slice(ENV.length)))
      for (const prefix of this.prefixes)
        result = replaceInCStrings(result, Buffer.from(prefix), Buffer.from('ENV'));
    const patches = this.runPath(path, (offset, length) => bytes.subarray(offset, offset + length));
    if (patches.length > 0 && result === bytes) result = Buffer.from(bytes);
    for (const patch of patches) patch.bytes.copy(result, patch.offset);
    return result;
  }

  private runPath(path: string, read: ReadAt): Patch[] {
    const found = runPathOf(read);
    if (!found?.text.split(':').some((folder) => folder.startsWith('/'))) return [];
    const folders = found.text.split(':').map((folder) => this.fromOrigin(path, folder));
    const patches = runPathPatches(found, folders.join(':'));
    if (!patches || folders.some((folder) => folder.startsWith('/')))
      this.fixedPaths.push(`${path} (${found.text})`);
    return patches ?? [];
  }

  private fromOrigin(path: string, folder: string): string {
    for (const prefix of this.prefixes)
      if (isBelow(prefix, folder))
        return `$ORIGIN/${relative(dirname(path), `ENV${folder.slice(prefix.length)}`)}`;
    return folder;
  }
}

function statOf(file: string): SourceFacts | undefined {
  const facts = statSync(file, { throwIfNoEntry: false });
  return facts && { mtimeS: Math.floor(facts.mtimeMs / 1000), sizeBytes: facts.size };
}

function summary(items: string[], one: string, many: string): string[] {
  if (items.length === 0) return [];
  const shown = items.slice(0, 3).join(', ');
  const more = items.length > 3 ? `, and ${items.length - 3} more` : '';
  const verb = items.length === 1 ? `1 file ${one}` : `${items.length} files ${many}`;
  return [`${verb}, which other machines may not have: ${shown}${more}`];
}

/** Longest first, so that a name is replaced before a shorter one that begins it. */
function unique(names: string[]): string[] {
  return [...new Set(names)].sort((a, b) => b.length - a.length);
}

function latin1(text: string): string {
  return Buffer.from(text).toString('latin1');
}
