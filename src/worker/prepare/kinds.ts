import { open } from 'node:fs/promises';

export type PackageKind = 'gzip' | 'bzip2' | 'zip' | 'tar' | 'none';

const ARCHIVE_NAME = /\.(tar|tar\.gz|tgz|gz|tar\.bz2|tbz2?|bz2|zip)$/i;
const TAR_BLOCK = 512;

/** Whether the name promises an archive. Formats that are zip files inside (.pt, .npz, .jar) are bare files. */
export function namedAsArchive(name: string): boolean {
  return ARCHIVE_NAME.test(name);
}

/** Whether a file of that name is unpacked at all: archives, and names that tell nothing. */
export function mayUnpack(name: string): boolean {
  return namedAsArchive(name) || !/\.[^./]+$/.test(name);
}

/** The name of a single compressed file once it is unpacked: `lr.pmml.bz2` -> `lr.pmml`. */
export function uncompressedName(name: string): string {
  return name.replace(/\.(gz|bz2)$/i, '');
}

/** The name of a package without what tells its format: `demo.tar.gz` -> `demo`. */
export function stemOf(name: string): string {
  const stem = namedAsArchive(name) ? name.replace(ARCHIVE_NAME, '') : name.replace(/\.[^./]+$/, '');
  return stem === '' ? 'package' : stem;
}

/** What the first bytes of a file say it is. */
export async function kindOf(file: string): Promise<PackageKind> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(TAR_BLOCK), 0, TAR_BLOCK, 0);
    return kindOfBytes(buffer.subarray(0, bytesRead));
  } finally {
    await handle.close();
  }
}

export function kindOfBytes(head: Uint8Array): PackageKind {
  const starts = (...bytes: number[]) => bytes.every((byte, at) => head[at] === byte);
  if (starts(0x1f, 0x8b)) return 'gzip';
  if (starts(0x42, 0x5a, 0x68)) return 'bzip2';
  if (starts(0x50, 0x4b, 0x03, 0x04) || starts(0x50, 0x4b, 0x05, 0x06)) return 'zip';
  return isTarHeader(head) ? 'tar' : 'none';
}

/** A tar header carries the sum of its own bytes, with the field of the sum read as spaces. */
export function isTarHeader(head: Uint8Array): boolean {
  if (head.byteLength < TAR_BLOCK || head[0] === 0) return false;
  const field = Buffer.from(head.subarray(148, 156)).toString('latin1').replace(/\0.*$/s, '').trim();
  if (!/^[0-7]+$/.test(field)) return false;
  let sum = 0;
  for (let at = 0; at < TAR_BLOCK; at++) sum += at >= 148 && at < 156 ? 0x20 : head[at]!;
  return sum === Number.parseInt(field, 8);
}
