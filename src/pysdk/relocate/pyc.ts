/** Type letters of marshal's strings, whose length stands before them in one byte or in four. */
const SHORT_STRINGS = 'zZ';
const LONG_STRINGS = 'aAuts';
const REFERENCE_FLAG = 0x80;
const HASH_BASED = 1;

export interface SourceFacts {
  /** Whole seconds, as Python keeps them. */
  mtimeS: number;
  sizeBytes: number;
}

/**
 * Compiled Python for another place: valid for a source with `mtimeS`, and without the folder it was compiled in.
 * Undefined when it is not compiled from the source that stands there, or will stand there: Python would not use it.
 */
export function relocatePyc(
  bytes: Buffer,
  fileName: string,
  source: SourceFacts | undefined,
  goal: { mtimeS: number; replace: readonly (readonly [from: string, to: string])[] },
): Buffer | undefined {
  const version = /\.cpython-(\d)(\d+)[^/]*\.pyc$/.exec(fileName);
  if (!source || !version || bytes.length < 16) return undefined;
  const hasFlags = Number(version[1]) > 3 || Number(version[2]) >= 7;
  const timeAt = hasFlags ? 8 : 4;
  let result = bytes;
  if (!hasFlags || (bytes.readUInt32LE(4) & HASH_BASED) === 0) {
    const isFresh =
      bytes.readUInt32LE(timeAt) === source.mtimeS % 2 ** 32 &&
      bytes.readUInt32LE(timeAt + 4) === source.sizeBytes % 2 ** 32;
    if (!isFresh) return undefined;
    result = Buffer.from(bytes);
    result.writeUInt32LE(goal.mtimeS, timeAt);
  }
  for (const [from, to] of goal.replace) {
    result = replaceStarts(result, Buffer.from(from), Buffer.from(to));
    // Inside a longer text it comes from the source, which will then be another one too.
    if (result.includes(from)) return undefined;
  }
  return result;
}

/** Marshal counts objects, not bytes, so that a string may change its length where it stands. */
function replaceStarts(bytes: Buffer, from: Buffer, to: Buffer): Buffer {
  const parts: Buffer[] = [];
  let copied = 0;
  for (let at = bytes.indexOf(from); at >= 0; at = bytes.indexOf(from, at + from.length)) {
    const length = lengthBefore(bytes, at);
    if (
      !length ||
      length.value < from.length ||
      !endsName(bytes[at + from.length], length.value - from.length)
    )
      continue;
    const field = Buffer.alloc(length.width);
    field.writeUIntLE(length.value - from.length + to.length, 0, length.width);
    parts.push(bytes.subarray(copied, at - length.width), field, to);
    copied = at + from.length;
  }
  return parts.length === 0 ? bytes : Buffer.concat([...parts, bytes.subarray(copied)]);
}

function lengthBefore(bytes: Buffer, at: number): { value: number; width: number } | undefined {
  const isType = (index: number, letters: string) =>
    index >= 0 && letters.includes(String.fromCharCode(bytes[index]! & ~REFERENCE_FLAG));
  if (isType(at - 2, SHORT_STRINGS)) return { value: bytes[at - 1]!, width: 1 };
  if (isType(at - 5, LONG_STRINGS)) return { value: bytes.readUInt32LE(at - 4), width: 4 };
  return undefined;
}

/** `…/ENV` must not match the start of `…/ENV2`. */
function endsName(next: number | undefined, restLength: number): boolean {
  return restLength === 0 || next === 0x2f;
}
