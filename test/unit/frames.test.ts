import { expect, test } from 'bun:test';
import { encodeFrame, type Frame, FrameKind, FrameReader } from '../../src/core/frames.ts';

const text = (frame: Frame) => new TextDecoder().decode(frame.payload);
const bytes = (value: string) => new TextEncoder().encode(value);

function collect(chunks: Uint8Array[]): Frame[] {
  const frames: Frame[] = [];
  const reader = new FrameReader((frame) => frames.push({ ...frame, payload: frame.payload.slice() }));
  for (const chunk of chunks) reader.push(chunk);
  return frames;
}

test('the header is Python struct "!IBBHI"', () => {
  // python3 -c 'import struct; print(struct.pack("!IBBHI", 2, 2, 0, 450, 0x01020304).hex())'
  const frame = encodeFrame(FrameKind.response, 450, 0x01020304, bytes('hi'));
  expect(Buffer.from(frame).toString('hex')).toBe('00000002020001c2010203046869');
});

test('frames survive every way of cutting the stream', () => {
  const parts = [
    encodeFrame(FrameKind.request, 0, 1, bytes('one')),
    encodeFrame(FrameKind.response, 200, 2),
    encodeFrame(FrameKind.exchange, 5, 0xfffffffe, bytes('head:'), bytes('body')),
  ];
  const stream = Buffer.concat(parts);
  const whole = collect([stream]).map((frame) => [frame.kind, frame.code, frame.id, text(frame)]);
  expect(whole).toEqual([
    [1, 0, 1, 'one'],
    [2, 200, 2, ''],
    [3, 5, 0xfffffffe, 'head:body'],
  ]);
  for (let cut = 1; cut < stream.length; cut++) {
    for (let second = cut; second < stream.length; second += 7) {
      const pieces = [stream.subarray(0, cut), stream.subarray(cut, second), stream.subarray(second)];
      const frames = collect(pieces).map((frame) => [frame.kind, frame.code, frame.id, text(frame)]);
      expect(frames).toEqual(whole);
    }
  }
});

test('a length beyond the limit is refused before memory is taken', () => {
  const reader = new FrameReader(() => {}, 1024);
  const huge = encodeFrame(FrameKind.request, 0, 1);
  huge[0] = 0x7f;
  expect(() => reader.push(huge)).toThrow(RangeError);
});
