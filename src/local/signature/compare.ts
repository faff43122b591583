import { timingSafeEqual } from 'node:crypto';

/** Compares two signatures in time that tells nothing about where they differ. */
export function sameSignature(given: string, expected: string): boolean {
  const left = Buffer.from(given);
  const right = Buffer.from(expected);
  return left.byteLength === right.byteLength && timingSafeEqual(left, right);
}
