import { mkdir, open as openFile, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import type { Budget } from './budget.ts';
import { type ArchiveEntry, refuseUnsafe } from './entries.ts';

const UTF8_FLAG = 0x800;
const S_IFMT = 0o170000;
const S_IFLNK = 0o120000;
const S_IFREG = 0o100000;
const S_IFDIR = 0o040000;

/**
 * Unpacks a zip file into `folder`; throws at the first entry that is unsafe, too much or damaged. Links are made
 * last, so that no file is ever written through one.
 */
export async function unzip(file: string, folder: string, shown: string, budget: Budget): Promise<void> {
  const zip = await openPromise(file, { lazyEntries: true, decodeStrings: false, autoClose: false });
  const links = new Map<string, string>();
  try {
    for await (const entry of zip.eachEntry()) {
      const path = nameOf(entry);
      const kind = kindOf(entry, path);
      budget.entry();
      if (kind === 'symlink') {
        const target = Buffer.concat(await collect(zip, entry, budget)).toString();
        refuseUnsafe({ path, kind, target }, shown);
        links.set(path, target);
        continue;
      }
      refuseUnsafe({ path, kind }, shown);
      const to = join(folder, path);
      if (kind === 'folder') await mkdir(to, { recursive: true });
      else await extract(zip, entry, to, budget);
    }
  } finally {
    zip.close();
  }
  for (const [path, target] of links) {
    refuseBehindLink(path, links, shown);
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await symlink(target, join(folder, path));
  }
}

/** A link below another link would be made somewhere else than its path says. */
function refuseBehindLink(path: string, links: Map<string, string>, shown: string): void {
  for (let end = path.indexOf('/'); end >= 0; end = path.indexOf('/', end + 1)) {
    if (links.has(path.slice(0, end))) refuseUnsafe({ path, kind: 'other' }, shown);
  }
}

async function extract(zip: ZipFile, entry: Entry, to: string, budget: Budget): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  const mode = modeOf(entry) & 0o111 ? 0o755 : 0o644;
  const out = await openFile(to, 'w', mode);
  let sum = 0;
  try {
    for await (const chunk of await zip.openReadStreamPromise(entry)) {
      budget.add(chunk.byteLength);
      sum = crc32(chunk, sum);
      let rest = chunk as Uint8Array;
      while (rest.byteLength > 0) rest = rest.subarray((await out.write(rest)).bytesWritten);
    }
  } finally {
    await out.close();
  }
  if (sum !== entry.crc32) throw new Error(`the checksum of ${JSON.stringify(nameOf(entry))} is wrong`);
}

async function collect(zip: ZipFile, entry: Entry, budget: Budget): Promise<Buffer[]> {
  const chunks: Buffer[] = [];
  for await (const chunk of await zip.openReadStreamPromise(entry)) {
    budget.add(chunk.byteLength);
    chunks.push(chunk);
  }
  return chunks;
}

/** Names are UTF-8 when the flag says so or the bytes are; tools on Chinese Windows write GBK without a flag. */
function nameOf(entry: Entry): string {
  const bytes = entry.fileNameRaw;
  const strict = new TextDecoder('utf-8', { fatal: true });
  try {
    return strict.decode(bytes).replaceAll('\\', '/');
  } catch {
    const encoding = entry.generalPurposeBitFlag & UTF8_FLAG ? 'utf-8' : 'gbk';
    return new TextDecoder(encoding).decode(bytes).replaceAll('\\', '/');
  }
}

function modeOf(entry: Entry): number {
  return entry.externalFileAttributes >>> 16;
}

function kindOf(entry: Entry, path: string): ArchiveEntry['kind'] {
  const type = modeOf(entry) & S_IFMT;
  if (path.endsWith('/') || type === S_IFDIR) return 'folder';
  if (type === S_IFLNK) return 'symlink';
  return type === 0 || type === S_IFREG ? 'file' : 'other';
}
