/** Bytes to put over those of a file; its size stays. */
export interface Patch {
  offset: number;
  bytes: Buffer;
}

/** Reads `length` bytes at `offset`; fewer at the end of the file. */
export type ReadAt = (offset: number, length: number) => Buffer;

export interface RunPath {
  /** Folders with `:` between them, as the linker wrote them. */
  text: string;
  textAt: number;
  tagAt: number;
}

const MAGIC = 0x7f454c46;
const PT_LOAD = 1;
const PT_DYNAMIC = 2;
const DT_STRTAB = 5;
const DT_RPATH = 15;
const DT_RUNPATH = 29;
const PROGRAM_HEADER_BYTES = 56;
const MAX_TEXT_BYTES = 4096;

/** DT_RPATH or DT_RUNPATH of a 64-bit little-endian ELF file; undefined when it is none or has none. */
export function runPathOf(read: ReadAt): RunPath | undefined {
  const header = read(0, 64);
  if (header.length < 64 || header.readUInt32BE(0) !== MAGIC || header[4] !== 2 || header[5] !== 1)
    return undefined;
  const segments = segmentsOf(
    read(Number(header.readBigUInt64LE(32)), header.readUInt16LE(56) * PROGRAM_HEADER_BYTES),
  );
  const dynamic = segments.find(({ type }) => type === PT_DYNAMIC);
  if (!dynamic) return undefined;
  const entries = dynamicEntries(read(dynamic.offset, dynamic.size), dynamic.offset);
  const strings = entries.find(({ tag }) => tag === DT_STRTAB);
  const found = entries.find(({ tag }) => tag === DT_RUNPATH) ?? entries.find(({ tag }) => tag === DT_RPATH);
  const load = segments.find(
    ({ type, address, size }) =>
      strings && type === PT_LOAD && strings.value >= address && strings.value < address + size,
  );
  if (!strings || !found || !load) return undefined;
  const textAt = load.offset + strings.value - load.address + found.value;
  const bytes = read(textAt, MAX_TEXT_BYTES);
  const end = bytes.indexOf(0);
  return end < 0 ? undefined : { text: bytes.toString('utf8', 0, end), textAt, tagAt: found.at };
}

/**
 * Puts `text` in place of the run path; undefined when it is longer than the room there is. `inherited` makes it
 * a DT_RPATH, which also serves the libraries that the file loads.
 */
export function runPathPatches(
  runPath: RunPath,
  text: string,
  options: { inherited?: boolean } = {},
): Patch[] | undefined {
  const room = Buffer.byteLength(runPath.text);
  const bytes = Buffer.alloc(room);
  if (Buffer.byteLength(text) > room) return undefined;
  bytes.write(text);
  const patches: Patch[] = [{ offset: runPath.textAt, bytes }];
  if (options.inherited) {
    const tag = Buffer.alloc(8);
    tag.writeBigUInt64LE(BigInt(DT_RPATH));
    patches.push({ offset: runPath.tagAt, bytes: tag });
  }
  return patches;
}

function segmentsOf(table: Buffer) {
  return Array.from({ length: Math.floor(table.length / PROGRAM_HEADER_BYTES) }, (_, index) => {
    const at = index * PROGRAM_HEADER_BYTES;
    return {
      type: table.readUInt32LE(at),
      offset: Number(table.readBigUInt64LE(at + 8)),
      address: Number(table.readBigUInt64LE(at + 16)),
      size: Number(table.readBigUInt64LE(at + 32)),
    };
  });
}

function dynamicEntries(table: Buffer, offset: number) {
  return Array.from({ length: Math.floor(table.length / 16) }, (_, index) => ({
    at: offset + index * 16,
    tag: Number(table.readBigInt64LE(index * 16)),
    value: Number(table.readBigUInt64LE(index * 16 + 8)),
  }));
}
