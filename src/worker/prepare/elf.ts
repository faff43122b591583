import { open } from 'node:fs/promises';
import { arch } from 'node:os';
import { EasError } from '../../core/errors.ts';

const REQUIRED = ['initialize', 'process'];
const SHT_DYNSYM = 11;
const SECTION_HEADER_BYTES = 64;
const SYMBOL_BYTES = 24;
const MACHINES: Record<number, string> = { 3: 'x86', 40: 'arm', 62: 'x64', 183: 'arm64' };
/** A table of symbols larger than this isn't read; the dynamic linker will tell then. */
const MAX_TABLE_BYTES = 64 * 1024 * 1024;

/**
 * Looks into a processor library without running any of it: that it is a shared library, of this machine's kind,
 * and that it defines both functions of serving.md d.3. Mach-O libraries (macOS) are left to the dynamic linker.
 */
export async function checkLibrary(file: string, shown: string): Promise<void> {
  const handle = await open(file);
  try {
    const size = (await handle.stat()).size;
    const read = async (offset: number, length: number): Promise<Buffer> => {
      if (offset + length > size || length > MAX_TABLE_BYTES) throw notLibrary(shown);
      return (await handle.read(Buffer.alloc(length), 0, length, offset)).buffer;
    };
    if (size < 64) throw notLibrary(shown);
    const header = await read(0, 64);
    if ([0xfeedfacf, 0xcafebabe].includes(header.readUInt32LE(0)) || header.readUInt32BE(0) === 0xcafebabe)
      return;
    if (header.readUInt32BE(0) !== 0x7f454c46) throw notLibrary(shown);
    const machine = MACHINES[header.readUInt16LE(18)] ?? 'another machine';
    if (header[4] !== 2 || machine !== arch()) {
      throw new EasError({
        code: 'ProcessorWrongArchitecture',
        message: `${shown} is built for ${machine}${header[4] === 2 ? '' : ' (32 bits)'}, and this machine is ${arch()}`,
        hint: 'build the processor on a machine of the same kind',
      });
    }
    const defined = await definedSymbols(header, read);
    if (!defined) return;
    const missing = REQUIRED.filter((name) => !defined.has(name));
    if (missing.length > 0) {
      throw new EasError({
        code: 'ProcessorSymbolMissing',
        message: `${shown} does not export ${missing.join(' and ')}`,
        hint: 'export initialize and process with extern "C"',
      });
    }
  } finally {
    await handle.close();
  }
}

/** Which of the required names the dynamic symbol table defines; undefined without section headers. */
async function definedSymbols(
  header: Buffer,
  read: (offset: number, length: number) => Promise<Buffer>,
): Promise<Set<string> | undefined> {
  const count = header.readUInt16LE(60);
  if (count === 0) return undefined;
  const sections = await read(Number(header.readBigUInt64LE(40)), count * SECTION_HEADER_BYTES);
  const section = (index: number) => {
    const at = index * SECTION_HEADER_BYTES;
    if (index >= count) return undefined;
    return {
      type: sections.readUInt32LE(at + 4),
      offset: Number(sections.readBigUInt64LE(at + 24)),
      size: Number(sections.readBigUInt64LE(at + 32)),
      link: sections.readUInt32LE(at + 40),
    };
  };
  const table = Array.from({ length: count }, (_, index) => section(index)!).find(
    ({ type }) => type === SHT_DYNSYM,
  );
  const names = table && section(table.link);
  if (!table || !names) return undefined;
  const symbols = await read(table.offset, table.size);
  const strings = await read(names.offset, names.size);
  const found = new Set<string>();
  for (let at = 0; at + SYMBOL_BYTES <= symbols.byteLength; at += SYMBOL_BYTES) {
    const name = symbols.readUInt32LE(at);
    if (symbols.readUInt16LE(at + 6) === 0) continue;
    for (const wanted of REQUIRED) {
      if (strings.subarray(name, name + wanted.length + 1).equals(Buffer.from(`${wanted}\0`)))
        found.add(wanted);
    }
  }
  return found;
}

function notLibrary(shown: string): EasError {
  return new EasError({
    code: 'ProcessorNotLibrary',
    message: `${shown} is no shared library`,
    hint: 'processor_entry of a cpp processor names a .so built with -shared -fPIC',
  });
}
