/** Every entry bears this time: an archive tells what is in it, not when it was made. 1980 is the oldest that zip knows. */
export const ARCHIVE_MTIME_S = 315_532_800;

export interface TarEntry {
  /** Relative, with `/`; folders without a trailing one. */
  path: string;
  kind: 'file' | 'folder' | 'symlink';
  sizeBytes: number;
  isExecutable: boolean;
  /** Of a symlink. */
  target?: string;
}

const BLOCK_BYTES = 512;
const MAX_OCTAL_SIZE = 0o77777777777;
const TYPE = { file: '0', symlink: '2', folder: '5', pax: 'x' } as const;

/** Header blocks of an entry: ustar, after a pax record for what ustar can't say (long or non-ASCII names, > 8 GiB). */
export function tarHeader(entry: TarEntry): Buffer {
  const path = entry.kind === 'folder' ? `${entry.path}/` : entry.path;
  const target = entry.target ?? '';
  const split = splitName(path);
  const records: [string, string][] = [];
  if (!split) records.push(['path', path]);
  if (!isPlain(target, 100)) records.push(['linkpath', target]);
  if (entry.sizeBytes > MAX_OCTAL_SIZE) records.push(['size', String(entry.sizeBytes)]);
  const mode =
    entry.kind === 'folder' || entry.isExecutable ? 0o755 : entry.kind === 'symlink' ? 0o777 : 0o644;
  const header = ustar({
    name: split ?? { prefix: '', name: cut(path) },
    type: TYPE[entry.kind],
    mode,
    sizeBytes: Math.min(entry.sizeBytes, MAX_OCTAL_SIZE),
    target: cut(target),
  });
  return records.length === 0 ? header : Buffer.concat([paxBlocks(records), header]);
}

/** Zeros after the content of an entry, up to the next block. */
export function paddingBytes(sizeBytes: number): number {
  return (BLOCK_BYTES - (sizeBytes % BLOCK_BYTES)) % BLOCK_BYTES;
}

/** Two empty blocks end an archive. */
export const TAR_END = Buffer.alloc(2 * BLOCK_BYTES);

function paxBlocks(records: [string, string][]): Buffer {
  const body = Buffer.from(records.map(([key, value]) => paxRecord(key, value)).join(''));
  const name = { prefix: '', name: Buffer.from('PaxHeaders/entry') };
  const header = ustar({
    name,
    type: TYPE.pax,
    mode: 0o644,
    sizeBytes: body.length,
    target: Buffer.alloc(0),
  });
  return Buffer.concat([header, body, Buffer.alloc(paddingBytes(body.length))]);
}

/** `<length> <key>=<value>\n`, where the length counts its own digits. */
function paxRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  const restBytes = Buffer.byteLength(rest);
  let length = restBytes + 1;
  while (length !== restBytes + String(length).length) length = restBytes + String(length).length;
  return `${length}${rest}`;
}

interface Name {
  prefix: string;
  name: string | Buffer;
}

function ustar(fields: {
  name: Name;
  type: string;
  mode: number;
  sizeBytes: number;
  target: Buffer;
}): Buffer {
  const block = Buffer.alloc(BLOCK_BYTES);
  const name = Buffer.from(fields.name.name as string);
  name.copy(block, 0);
  block.write(octal(fields.mode, 7), 100, 'latin1');
  block.write(octal(0, 7), 108, 'latin1');
  block.write(octal(0, 7), 116, 'latin1');
  block.write(octal(fields.sizeBytes, 11), 124, 'latin1');
  block.write(octal(ARCHIVE_MTIME_S, 11), 136, 'latin1');
  block.fill(' ', 148, 156, 'latin1');
  block.write(fields.type, 156, 'latin1');
  fields.target.copy(block, 157);
  block.write('ustar\x0000', 257, 'latin1');
  block.write(octal(0, 7), 329, 'latin1');
  block.write(octal(0, 7), 337, 'latin1');
  block.write(fields.name.prefix, 345, 'latin1');
  let sum = 0;
  for (const byte of block) sum += byte;
  block.write(`${octal(sum, 6)}\0 `, 148, 'latin1');
  return block;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0');
}

function isPlain(text: string, maxBytes: number): boolean {
  return text.length <= maxBytes && /^[\x20-\x7e]*$/.test(text);
}

/** Name and prefix as ustar splits them at a slash; undefined when the path doesn't fit. */
function splitName(path: string): Name | undefined {
  if (isPlain(path, 100)) return { prefix: '', name: path };
  if (!isPlain(path, 256)) return undefined;
  const slash = path.indexOf('/', path.length - 101);
  if (slash <= 0 || slash > 155 || slash === path.length - 1) return undefined;
  return { prefix: path.slice(0, slash), name: path.slice(slash + 1) };
}

/** At most 100 bytes, for readers that don't know pax. */
function cut(text: string): Buffer {
  return Buffer.from(text).subarray(0, 100);
}
