import { describe, expect, test } from 'bun:test';
import { Crc64, combineCrc64 } from '../../src/core/checksum/crc64.ts';

const encoder = new TextEncoder();

function crcOf(data: Uint8Array): bigint {
  const crc = new Crc64();
  crc.update(data);
  return crc.value();
}

/** Bit by bit, straight from the definition of CRC-64/XZ. */
function slowCrc(data: Uint8Array): bigint {
  let crc = 0xffff_ffff_ffff_ffffn;
  for (const byte of data) {
    crc ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit++) crc = crc & 1n ? (crc >> 1n) ^ 0xc96c5795d7870f42n : crc >> 1n;
  }
  return crc ^ 0xffff_ffff_ffff_ffffn;
}

const noise = (length: number) =>
  Uint8Array.from({ length }, (_, index) => (index * 167 + 13) ^ (index >> 3));

describe('CRC-64/XZ', () => {
  test('gives the check value of the catalogue', () => {
    expect(crcOf(encoder.encode('123456789')).toString(16)).toBe('995dc9bbdf1939fa');
    expect(crcOf(new Uint8Array())).toBe(0n);
  });

  test('agrees with the definition for every length and alignment', () => {
    const data = noise(80);
    for (let start = 0; start < 9; start++)
      for (let end = start; end <= data.length; end++)
        expect(crcOf(data.subarray(start, end))).toBe(slowCrc(data.subarray(start, end)));
  });

  test('agrees with it beyond the memory that is filled at once', () => {
    const data = noise(2 * 262_144 + 9000);
    expect(crcOf(data)).toBe(slowCrc(data));
  });

  test('does not depend on how the data is cut', () => {
    const data = noise(1000);
    const crc = new Crc64();
    for (let at = 0; at < data.length; at += 37) crc.update(data.subarray(at, at + 37));
    expect(crc.value()).toBe(slowCrc(data));
  });

  test('of two pieces together comes from those of the pieces', () => {
    const data = noise(5000);
    for (const cut of [0, 1, 8, 999, 4999, 5000])
      expect(combineCrc64(crcOf(data.subarray(0, cut)), crcOf(data.subarray(cut)), 5000 - cut)).toBe(
        crcOf(data),
      );
  });
});
