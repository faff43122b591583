import {
  closeSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { EasError, usageError } from '../core/errors.ts';
import { ParallelGzip } from './archive/gzip.ts';
import { DEFAULT_RULES, IgnoreRules } from './archive/ignore.ts';
import { isBelow, readTree } from './archive/tree.ts';
import { ArchiveWriter } from './archive/write.ts';
import { Relocation } from './relocate/relocation.ts';

export interface PackOptions {
  /** Absolute path of the project. */
  folder: string;
  signal: AbortSignal;
  onProgress: (readBytes: number, totalBytes: number) => void;
}

export interface Packed {
  archive: string;
  /** Of the archive. */
  sizeBytes: number;
  entries: number;
  /** Lines for people: what was taken otherwise than it stands, and what may not work elsewhere. */
  notes: string[];
}

/** `<folder>.tar.gz` beside the folder (eascmd.md 2.15). */
export function archivePath(folder: string): string {
  return join(dirname(folder), `${basename(folder)}.tar.gz`);
}

/**
 * Packs a project with its ENV so that it runs from any folder (serving.md d.5). The archive appears whole or not
 * at all, and the same files give the same bytes. Throws EasError naming the file that is in the way.
 */
export async function packProject({ folder, signal, onProgress }: PackOptions): Promise<Packed> {
  checkProject(folder);
  const { entries, notes } = readTree(folder, new IgnoreRules([...DEFAULT_RULES, ...ownRules(folder)]));
  const totalBytes = entries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const relocation = new Relocation(folder);
  const archive = archivePath(folder);
  const unfinished = join(dirname(archive), `.${basename(archive)}.${crypto.randomUUID()}`);
  const handle = created(archive, unfinished);
  try {
    try {
      const gzip = new ParallelGzip((bytes) => writeAll(handle, bytes, archive));
      const writer = new ArchiveWriter(gzip, relocation, (bytes) => onProgress(bytes, totalBytes));
      for (const entry of entries) {
        signal.throwIfAborted();
        await writer.entry(entry);
      }
      await writer.end();
      signal.throwIfAborted();
    } finally {
      closeSync(handle);
    }
    const sizeBytes = statSync(unfinished).size;
    renameSync(unfinished, archive);
    return { archive, sizeBytes, entries: entries.length, notes: [...notes, ...relocation.warnings()] };
  } finally {
    rmSync(unfinished, { force: true });
  }
}

/** Throws unless there is an ENV whose interpreter would travel with it. */
function checkProject(folder: string): void {
  const env = join(folder, 'ENV');
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw usageError('NotAFolder', `${folder} is not a folder`, 'make one with: eascmd pysdk init <dir>');
  if (!statSync(env, { throwIfNoEntry: false })?.isDirectory())
    throw usageError(
      'NoEnvironment',
      `${folder} has no ENV folder`,
      `make it with: eascmd pysdk init ${basename(folder)}`,
    );
  const python = join(env, 'bin', 'python');
  let interpreter: string;
  try {
    interpreter = realpathSync(python);
  } catch (cause) {
    throw new EasError({
      code: 'NoInterpreter',
      message: `${python} is not there, and a service starts with it`,
      hint: `remove ENV and make it again with: eascmd pysdk init ${basename(folder)}`,
      cause,
    });
  }
  const base = borrowedFrom(env, interpreter);
  if (base)
    throw new EasError({
      code: 'EnvironmentNotRelocatable',
      message: `ENV is a virtual environment that borrows its Python from ${base}, which other machines don't have`,
      hint: `keep its packages (ENV/bin/python -m pip freeze > requirements.txt), remove ENV, then: eascmd pysdk init ${basename(folder)} --requirements requirements.txt`,
    });
}

/** Folder of the interpreter that a virtual environment needs, when that is not in ENV itself. */
function borrowedFrom(env: string, interpreter: string): string | undefined {
  const realEnv = realpathSync(env);
  if (!isBelow(realEnv, interpreter)) return dirname(interpreter);
  const settings = textOf(join(env, 'pyvenv.cfg'));
  const home = /^home\s*=\s*(.+?)\s*$/m.exec(settings)?.[1];
  return home && !isBelow(realEnv, resolve(home)) ? home : undefined;
}

function ownRules(folder: string): string[] {
  return textOf(join(folder, '.easignore')).split('\n');
}

function textOf(file: string): string {
  return statSync(file, { throwIfNoEntry: false }) ? readFileSync(file, 'utf8') : '';
}

function created(archive: string, file: string): number {
  try {
    return openSync(file, 'wx');
  } catch (cause) {
    throw cannotWrite(archive, cause);
  }
}

function writeAll(handle: number, bytes: Buffer, archive: string): void {
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(handle, bytes, at);
  } catch (cause) {
    throw cannotWrite(archive, cause);
  }
}

const WRITE_FAILURES: Record<string, [what: string, hint: string]> = {
  ENOSPC: ['the disk is full', 'make room there, then pack again'],
  EDQUOT: ['your disk quota is used up', 'make room there, then pack again'],
  EFBIG: ['it would be larger than files may be here', 'see ulimit -f, or leave more out with .easignore'],
  EACCES: ['permission denied', 'make the folder around the project writable'],
  EROFS: ['the file system is read-only', 'copy the project to a folder you may write beside'],
};

function cannotWrite(archive: string, cause: unknown): EasError {
  const code = (cause as NodeJS.ErrnoException).code ?? '';
  const [what, hint] = WRITE_FAILURES[code] ?? [code || String(cause), 'nothing was left behind; try again'];
  return new EasError({
    code: 'CannotWriteArchive',
    message: `Can't write ${archive}: ${what}`,
    hint,
    cause,
  });
}
