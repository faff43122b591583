import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { Unpack } from 'tar/unpack';
import unbzip2 from 'unbzip2-stream';
import type { Budget } from './budget.ts';
import { type ArchiveEntry, refuseUnsafe } from './entries.ts';
import type { PackageKind } from './kinds.ts';

const READ_BYTES = 256 * 1024;
/** The decoder of bzip2 answers all of what it is given at once, and a block of 45 bytes may hold 900 KB. */
const BZIP2_READ_BYTES = 4 * 1024;

/** The bytes of a file, decompressed on the way. Damaged or truncated data throws. */
export async function* decompressed(file: string, kind: PackageKind): AsyncGenerator<Uint8Array> {
  const highWaterMark = kind === 'bzip2' ? BZIP2_READ_BYTES : READ_BYTES;
  const source = createReadStream(file, { highWaterMark });
  if (kind === 'bzip2') {
    yield* bunzip2(source);
  } else if (kind === 'gzip') {
    const decoder = createGunzip();
    source.on('error', (error) => decoder.destroy(error));
    yield* source.pipe(decoder);
  } else yield* source;
}

async function* bunzip2(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const decoder = unbzip2();
  let ready: Uint8Array[] = [];
  let failure: unknown;
  decoder.on('data', (chunk: Uint8Array) => ready.push(chunk));
  decoder.on('error', (error) => {
    failure ??= error;
  });
  const taken = () => {
    if (failure) throw failure;
    const chunks = ready;
    ready = [];
    return chunks;
  };
  for await (const chunk of source) {
    decoder.write(chunk);
    yield* taken();
  }
  decoder.end();
  yield* taken();
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
