/**
 * The framing spoken between a processor host's front and the threads that run user code, and between the
 * local gateway and a front: a 12-byte header, then a payload. One frame is one message.
 *
 *   u32 payload length | u8 kind | u8 flags | u16 code | u32 id      (big-endian, Python struct "!IBBHI")
 *
 * | kind     | code                    | payload                                                    |
 * |----------|-------------------------|------------------------------------------------------------|
 * | hello    | protocol version (1)    | JSON, first frame on every connection (see worker/spec.ts) |
 * | request  | 0                       | the request body, bytes as received                        |
 * | response | HTTP status             | the response body                                          |
 * | exchange | length of the head      | head JSON {method, target, headers?}, then the body        |
 * | answer   | HTTP status             | u16 head length, head JSON {headers?} or nothing, body     |
 * | cancel   | 0                       | empty: the caller no longer waits for `id`                 |
 *
 * An answer without a head has the one header `Content-Type: text/html; charset=utf-8` (serving.md a.7).
 */
export const FrameKind = { hello: 0, request: 1, response: 2, exchange: 3, answer: 4, cancel: 5 } as const;
export type FrameKind = (typeof FrameKind)[keyof typeof FrameKind];

export const FRAME_HEADER_BYTES = 12;
export const PROTOCOL_VERSION = 1;
/** Refuse a frame longer than this: a peer that announces more is broken, not generous. */
export const MAX_FRAME_BYTES = 0x7fff_ffff;

export interface Frame {
  kind: FrameKind;
  flags: number;
  code: number;
  id: number;
  payload: Uint8Array;
}

/** Encodes one frame whose payload is the concatenation of `parts`. */
export function encodeFrame(kind: FrameKind, code: number, id: number, ...parts: Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.byteLength;
  const frame = new Uint8Array(FRAME_HEADER_BYTES + length);
  writeFrameHeader(frame, 0, length, kind, code, id);
  let at = FRAME_HEADER_BYTES;
  for (const part of parts) {
    frame.set(part, at);
    at += part.byteLength;
  }
  return frame;
}

/** Writes the header of a frame with `length` bytes of payload at `at`, for senders that batch. */
export function writeFrameHeader(
  into: Uint8Array,
  at: number,
  length: number,
  kind: FrameKind,
  code: number,
  id: number,
): void {
  into[at] = length >>> 24;
  into[at + 1] = length >>> 16;
  into[at + 2] = length >>> 8;
  into[at + 3] = length;
  into[at + 4] = kind;
  into[at + 5] = 0;
  into[at + 6] = code >>> 8;
  into[at + 7] = code;
  into[at + 8] = id >>> 24;
  into[at + 9] = id >>> 16;
  into[at + 10] = id >>> 8;
  into[at + 11] = id;
}

/** Encodes the header alone, for a payload of `length` bytes that is written by itself. */
export function encodeHeader(kind: FrameKind, code: number, id: number, length: number): Uint8Array {
  const header = new Uint8Array(FRAME_HEADER_BYTES);
  writeFrameHeader(header, 0, length, kind, code, id);
  return header;
}

/**
 * Turns a byte stream back into frames. `push` calls `onFrame` for each whole frame; a payload may be a view on
 * the pushed chunk, so a receiver that keeps it beyond the call must copy it. Throws RangeError on an
 * impossible length: the connection can only be dropped then.
 */
export class FrameReader {
  private pending: Uint8Array | undefined;
  private filled = 0;

  constructor(
    private readonly onFrame: (frame: Frame) => void,
    private readonly maxPayloadBytes = MAX_FRAME_BYTES,
  ) {}

  push(chunk: Uint8Array): void {
    let data = chunk;
    if (this.pending) {
      const rest = this.fillPending(data);
      if (!rest) return;
      data = rest;
    }
    let at = 0;
    while (data.byteLength - at >= FRAME_HEADER_BYTES) {
      const length = this.payloadLength(data, at);
      const end = at + FRAME_HEADER_BYTES + length;
      if (end > data.byteLength) {
        this.pending = new Uint8Array(FRAME_HEADER_BYTES + length);
        this.pending.set(data.subarray(at));
        this.filled = data.byteLength - at;
        return;
      }
      this.emit(data, at, length);
      at = end;
    }
    if (at < data.byteLength) {
      this.pending = new Uint8Array(FRAME_HEADER_BYTES);
      this.pending.set(data.subarray(at));
      this.filled = data.byteLength - at;
    }
  }

  /** Completes the frame begun by an earlier chunk; returns what is left of `data`, or undefined if none is. */
  private fillPending(data: Uint8Array): Uint8Array | undefined {
    let rest = data;
    for (;;) {
      const pending = this.pending as Uint8Array;
      const take = Math.min(pending.byteLength - this.filled, rest.byteLength);
      pending.set(rest.subarray(0, take), this.filled);
      this.filled += take;
      rest = rest.subarray(take);
      if (this.filled < pending.byteLength) return undefined;
      const length = this.payloadLength(pending, 0);
      if (pending.byteLength === FRAME_HEADER_BYTES && length > 0) {
        this.pending = new Uint8Array(FRAME_HEADER_BYTES + length);
        this.pending.set(pending);
        continue;
      }
      this.pending = undefined;
      this.filled = 0;
      this.emit(pending, 0, length);
      return rest.byteLength > 0 ? rest : undefined;
    }
  }

  private payloadLength(data: Uint8Array, at: number): number {
    const length = ((data[at]! << 24) | (data[at + 1]! << 16) | (data[at + 2]! << 8) | data[at + 3]!) >>> 0;
    if (length > this.maxPayloadBytes) throw new RangeError(`a frame of ${length} bytes was announced`);
    return length;
  }

  private emit(data: Uint8Array, at: number, length: number): void {
    const start = at + FRAME_HEADER_BYTES;
    this.onFrame({
      kind: data[at + 4] as FrameKind,
      flags: data[at + 5]!,
      code: (data[at + 6]! << 8) | data[at + 7]!,
      id: ((data[at + 8]! << 24) | (data[at + 9]! << 16) | (data[at + 10]! << 8) | data[at + 11]!) >>> 0,
      payload: data.subarray(start, start + length),
    });
  }
}
