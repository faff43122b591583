/**
 * CRC-64/XZ (ECMA-182, reflected), the checksum of `x-oss-hash-crc64ecma`. Two 32-bit halves and eight tables:
 * 64-bit integers of JavaScript are BigInts, a hundred times slower.
 */
const POLYNOMIAL = 0xc96c5795d7870f42n;
const MASK = 0xffff_ffff_ffff_ffffn;
const SLICES = 8;

const low = new Int32Array(256 * SLICES);
const high = new Int32Array(256 * SLICES);
for (let byte = 0; byte < 256; byte++) {
  let value = BigInt(byte);
  for (let bit = 0; bit < 8; bit++) value = value & 1n ? (value >> 1n) ^ POLYNOMIAL : value >> 1n;
  low[byte] = Number(BigInt.asIntN(32, value));
  high[byte] = Number(BigInt.asIntN(32, value >> 32n));
}
for (let index = 256; index < 256 * SLICES; index++) {
  const before = index - 256;
  const byte = low[before]! & 255;
  low[index] = ((low[before]! >>> 8) | (high[before]! << 24)) ^ low[byte]!;
  high[index] = (high[before]! >>> 8) ^ high[byte]!;
}

/** A running CRC-64: `update` with chunks of any size, then `value`. */
export class Crc64 {
  private lo = -1;
  private hi = -1;

  update(data: Uint8Array): void {
    let at = 0;
    if (data.byteOffset % 4 === 0) at = this.updateWords(data);
    let lo = this.lo;
    let hi = this.hi;
    for (; at < data.byteLength; at++) {
      const index = (lo ^ data[at]!) & 255;
      lo = ((lo >>> 8) | (hi << 24)) ^ low[index]!;
      hi = (hi >>> 8) ^ high[index]!;
    }
    this.lo = lo;
    this.hi = hi;
  }

  /** Eight bytes a step; returns how many bytes that took. All platforms we run on are little-endian. */
  private updateWords(data: Uint8Array): number {
    const words = new Int32Array(data.buffer, data.byteOffset, (data.byteLength >>> 3) << 1);
    let lo = this.lo;
    let hi = this.hi;
    for (let at = 0; at < words.length; at += 2) {
      const a = lo ^ words[at]!;
      const b = hi ^ words[at + 1]!;
      const i0 = (a & 255) + 1792;
      const i1 = ((a >>> 8) & 255) + 1536;
      const i2 = ((a >>> 16) & 255) + 1280;
      const i3 = (a >>> 24) + 1024;
      const i4 = (b & 255) + 768;
      const i5 = ((b >>> 8) & 255) + 512;
      const i6 = ((b >>> 16) & 255) + 256;
      const i7 = b >>> 24;
      lo = low[i0]! ^ low[i1]! ^ low[i2]! ^ low[i3]! ^ low[i4]! ^ low[i5]! ^ low[i6]! ^ low[i7]!;
      hi = high[i0]! ^ high[i1]! ^ high[i2]! ^ high[i3]! ^ high[i4]! ^ high[i5]! ^ high[i6]! ^ high[i7]!;
    }
    this.lo = lo;
    this.hi = hi;
    return words.byteLength;
  }

  value(): bigint {
    return ((BigInt(this.hi >>> 0) << 32n) | BigInt(this.lo >>> 0)) ^ MASK;
  }
}

/** CRC of A followed by B, from the CRC of A, the CRC of B and the length of B: crc(A) * x^(8 * length) + crc(B). */
export function combineCrc64(first: bigint, second: bigint, secondBytes: number): bigint {
  return multiply(powerOfX(secondBytes), first) ^ second;
}

const ONE = 1n << 63n;

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
