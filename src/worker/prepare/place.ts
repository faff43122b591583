import { createWriteStream } from 'node:fs';
import { chmod, lstat, mkdir, readdir, readlink, stat, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { EasError } from '../../core/errors.ts';
import type { PackageSource } from '../../core/worker/prepare.ts';
import { Budget } from './budget.ts';
import { refuseUnsafe } from './entries.ts';
import {
  isTarHeader,
  kindOf,
  mayUnpack,
  namedAsArchive,
  type PackageKind,
  uncompressedName,
} from './kinds.ts';
import { copyBeating } from './pulse.ts';
import { isSystemError } from './system-error.ts';
import { decompressed, untar } from './untar.ts';
import { unzip } from './unzip.ts';

const TAR_BLOCK = 512;

/**
 * Puts what `file` holds into `folder`: an archive is unpacked, a folder copied, anything else laid there under the
 * package's name. Returns the bytes written. Throws EasError for what is damaged, unsafe, or no archive at all.
 */
export async function place(
  source: PackageSource,
  file: string,
  folder: string,
  maxBytes: number,
): Promise<number> {
  const { shown, name } = source;
  const found = await stat(file).catch(() => undefined);
  if (!found) {
    throw new EasError({
      code: 'PackageNotFound',
      message: `${shown} does not exist`,
      hint: 'check the path',
    });
  }
  const budget = new Budget(shown, found.isDirectory() ? maxBytes : found.size, maxBytes);
  if (found.isDirectory()) {
    await copyFolder(file, folder, '', shown, budget);
    return budget.bytes;
  }
  const kind = mayUnpack(name) ? await kindOf(file) : 'none';
  if (kind === 'none') {
    if (namedAsArchive(name)) throw notArchive(shown, name);
    budget.add(found.size);
    await copyBeating(file, join(folder, basename(name)));
    return budget.bytes;
  }
  try {
    if (kind === 'zip') await unzip(file, folder, shown, budget);
    else await unpackStream(file, kind, name, folder, shown, budget);
  } catch (error) {
    if (error instanceof EasError || isSystemError(error)) throw error;
    throw new EasError({
      code: 'PackageDamaged',
      message: `${shown} is damaged or cut off: ${(error as Error).message}`,
      hint: 'pack and upload it again',
      cause: error,
    });
  }
  return budget.bytes;
}

/** A compressed stream is a tar archive when its first block says so, else one compressed file. */
async function unpackStream(
  file: string,
  kind: PackageKind,
  name: string,
  folder: string,
  shown: string,
  budget: Budget,
): Promise<void> {
  const chunks = decompressed(file, kind);
  const begun: Uint8Array[] = [];
  let length = 0;
  while (length < TAR_BLOCK) {
    const next = await chunks.next();
    if (next.done) break;
    begun.push(next.value);
    length += next.value.byteLength;
  }
  const all = rejoin(begun, chunks);
  if (isTarHeader(Buffer.concat(begun)) || isEmptyTar(Buffer.concat(begun)))
    await untar(all, folder, shown, budget);
  else if (/\.(tar(\.\w+)?|tgz|tbz2?)$/i.test(name)) throw notArchive(shown, name);
  else
    await pipeline(counted(all, budget), createWriteStream(join(folder, uncompressedName(basename(name)))));
}

async function* rejoin(begun: Uint8Array[], rest: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* begun;
  yield* rest;
}

async function* counted(chunks: AsyncIterable<Uint8Array>, budget: Budget): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    budget.add(chunk.byteLength);
    yield chunk;
  }
}

/** An archive without entries is blocks of zeros. */
function isEmptyTar(head: Uint8Array): boolean {
  return head.byteLength >= 2 * TAR_BLOCK && head.subarray(0, 2 * TAR_BLOCK).every((byte) => byte === 0);
}

async function copyFolder(
  from: string,
  to: string,
  path: string,
  shown: string,
  budget: Budget,
): Promise<void> {
  for (const entry of await readdir(join(from, path), { withFileTypes: true })) {
    const inner = path === '' ? entry.name : `${path}/${entry.name}`;
    const target = join(to, inner);
    budget.entry();
    if (entry.isDirectory()) {
      await mkdir(target);
      await copyFolder(from, to, inner, shown, budget);
    } else if (entry.isSymbolicLink()) {
      const link = await readlink(join(from, inner));
      refuseUnsafe({ path: inner, kind: 'symlink', target: link }, shown);
      await symlink(link, target);
    } else if (entry.isFile()) {
      const { size, mode } = await lstat(join(from, inner));
      budget.add(size);
      await copyBeating(join(from, inner), target);
      await chmod(target, mode & 0o777);
    } else refuseUnsafe({ path: inner, kind: 'other' }, shown);
  }
}

function notArchive(shown: string, name: string): EasError {
  return new EasError({
    code: 'PackageNotArchive',
    message: `${shown} is no archive, though its name ends in ${/\.[^.]+(\.[^.]+)?$/.exec(name)?.[0] ?? name}`,
    hint: 'accepted are tar.gz, tar, tar.bz2, zip, and bare files; check what the address really answers',
  });
}
