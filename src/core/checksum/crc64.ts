import { DATA_AT, DATA_BYTES, makeKernel } from './kernel.ts';

/** CRC-64/XZ (ECMA-182, reflected): the checksum of `x-oss-hash-crc64ecma`. */
const POLYNOMIAL = 0xc96c5795d7870f42n;
const MASK = 0xffff_ffff_ffff_ffffn;
const ONE = 1n << 63n;

const kernel = makeKernel();
fillTables(kernel.tables);

/** Table k holds the checksum of a byte followed by k zero bytes. */
function fillTables(tables: BigUint64Array): void {
  for (let byte = 0; byte < 256; byte++) {
    let value = BigInt(byte);
    for (let bit = 0; bit < 8; bit++) value = value & 1n ? (value >> 1n) ^ POLYNOMIAL : value >> 1n;
    tables[byte] = value;
  }
  for (let at = 256; at < tables.length; at++) {
    const before = tables[at - 256]!;
    tables[at] = (before >> 8n) ^ tables[Number(before & 255n)]!;
  }
}

/** A running CRC-64: `update` with chunks of any size, then `value` or, in decimal as OSS writes it, `toString`. */
export class Crc64 {
  private register = MASK;

  update(bytes: Uint8Array): this {
    for (let at = 0; at < bytes.length; at += DATA_BYTES) {
      const piece = bytes.subarray(at, at + DATA_BYTES);
      kernel.memory.set(piece, DATA_AT);
      this.register = kernel.update(DATA_AT, DATA_AT + piece.length, this.register);
    }
    return this;
  }

  value(): bigint {
    return this.register ^ MASK;
  }

  toString(): string {
    return this.value().toString();
  }
}

/** CRC of A followed by B, from the CRC of A, the CRC of B and the length of B: crc(A) * x^(8 * length) + crc(B). */
export function combineCrc64(first: bigint, second: bigint, secondBytes: number): bigint {
  return multiply(powerOfX(secondBytes), first) ^ second;
}

/** x^(8 * bytes) modulo the polynomial. */
function powerOfX(bytes: number): bigint {
  let square = ONE >> 8n;
  let power = ONE;
  for (let rest = BigInt(bytes); rest > 0n; rest >>= 1n) {
    if (rest & 1n) power = multiply(power, square);
    square = multiply(square, square);
  }
  return power;
}

/** Product of two polynomials with reflected bits, modulo the polynomial. */
function multiply(left: bigint, right: bigint): bigint {
  let product = 0n;
  let shifted = right;
  for (let bit = ONE; bit > 0n; bit >>= 1n) {
    if (left & bit) product ^= shifted;
    shifted = shifted & 1n ? (shifted >> 1n) ^ POLYNOMIAL : shifted >> 1n;
  }
  return product;
}
