import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Unpack } from 'tar';
import unbzip2 from 'unbzip2-stream';
import type { Budget } from './budget.ts';
import { type ArchiveEntry, refuseUnsafe } from './entries.ts';
import type { PackageKind } from './kinds.ts';

/** The bytes of a file, decompressed on the way. Damaged or truncated data throws. */
export async function* decompressed(file: string, kind: PackageKind): AsyncGenerator<Uint8Array> {
  const source = createReadStream(file, { highWaterMark: 256 * 1024 });
  if (kind !== 'gzip' && kind !== 'bzip2') {
    yield* source;
    return;
  }
  const decoder: NodeJS.ReadWriteStream = kind === 'gzip' ? createGunzip() : unbzip2();
  source.on('error', (error) => decoder.emit('error', error));
  source.pipe(decoder);
  // The decoder of bzip2 is a stream of the first kind, which nothing modern can iterate.
  yield* decoder instanceof Readable ? decoder : new Readable().wrap(decoder);
}

/** Unpacks a tar stream into `folder`; throws at the first entry that is unsafe, too much or damaged. */
export async function untar(
  chunks: AsyncIterable<Uint8Array>,
  folder: string,
  shown: string,
  budget: Budget,
): Promise<void> {
  let refused: unknown;
  const unpack = new Unpack({
    cwd: folder,
    strict: true,
    preserveOwner: false,
    filter: (path, entry) => {
      if (refused) return false;
      try {
        const { type, linkpath } = entry as { type?: string; linkpath?: string };
        refuseUnsafe({ path, kind: kindOfType(type), target: linkpath }, shown);
        budget.entry();
        return true;
      } catch (error) {
        refused = error;
        return false;
      }
    },
  });
  const failed = new Promise<never>((_, reject) => unpack.on('error', reject));
  const closed = new Promise<void>((resolve) => unpack.once('close', resolve));
  failed.catch(() => {});
  for await (const chunk of chunks) {
    budget.add(chunk.byteLength);
    if (!unpack.write(Buffer.from(chunk))) {
      await Promise.race([new Promise<void>((resolve) => unpack.once('drain', () => resolve())), failed]);
    }
    if (refused) throw refused;
  }
  unpack.end();
  await Promise.race([closed, failed]);
  if (refused) throw refused;
}

function kindOfType(type: string | undefined): ArchiveEntry['kind'] {
  switch (type) {
    case 'File':
    case 'OldFile':
    case 'ContiguousFile':
      return 'file';
    case 'Directory':
    case 'GNUDumpDir':
      return 'folder';
    case 'SymbolicLink':
      return 'symlink';
    case 'Link':
      return 'hardlink';
    default:
      return 'other';
  }
}
