const MIB = 1024 * 1024;
const SMALLEST_BYTES = 4 * MIB;
const LARGEST_BYTES = 8 * MIB;
/** OSS takes 10,000 parts. */
const MAX_PARTS = 9_000;

/** One part of a file: bytes from `start`, `sizeBytes` long; numbers count from 1. */
export interface Part {
  number: number;
  start: number;
  sizeBytes: number;
}

/** Files up to this size go in one request. */
export const WHOLE_BYTES = SMALLEST_BYTES;
/** Parts on their way at the same time; memory holds these and one more. */
export const PARTS_AT_ONCE = 4;

/**
 * Size of a file's parts: small enough that a cut costs little and progress moves, large enough for few requests; beyond
 * 70 GiB as large as the number of parts demands.
 */
export function partBytesFor(fileBytes: number): number {
  const wanted = Math.min(LARGEST_BYTES, Math.max(SMALLEST_BYTES, fileBytes / 64));
  return Math.ceil(Math.max(wanted, fileBytes / MAX_PARTS) / MIB) * MIB;
}

export function* partsOf(fileBytes: number, partBytes: number): Generator<Part> {
  for (let start = 0, number = 1; start < fileBytes; start += partBytes, number++)
    yield { number, start, sizeBytes: Math.min(partBytes, fileBytes - start) };
}
