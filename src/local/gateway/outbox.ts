import { FRAME_HEADER_BYTES, type FrameKind, writeFrameHeader } from '../../core/frames.ts';

/** The part of a socket that a sender needs: bytes taken by the kernel, negative when the socket is closed. */
export interface Sink {
  write(data: Uint8Array, byteOffset: number, byteLength: number): number;
}

const BATCH_BYTES = 64 * 1024;
/** Shorter payloads are copied into the batch; longer ones travel by reference. */
const COPY_BYTES = 16 * 1024;

interface Chunk {
  bytes: Uint8Array;
  from: number;
  to: number;
}

/**
 * Frames on their way into one socket: small ones share a write, and what the kernel does not take waits for
 * `flush` to be called again at drain. Stream positions tell which frames have left for good.
 */
export class Outbox {
  /** Stream position after the last frame put. */
  put = 0;
  /** Stream position up to which the kernel has taken everything. */
  sent = 0;
  private waiting: Chunk[] = [];
  private batch = new Uint8Array(BATCH_BYTES);
  private batchFrom = 0;
  private batchTo = 0;

  add(kind: FrameKind, code: number, id: number, head: Uint8Array, body: Uint8Array): void {
    const length = head.byteLength + body.byteLength;
    const copied =
      FRAME_HEADER_BYTES + head.byteLength + (body.byteLength > COPY_BYTES ? 0 : body.byteLength);
    if (this.batchTo + copied > this.batch.byteLength) this.closeBatch(copied);
    writeFrameHeader(this.batch, this.batchTo, length, kind, code, id);
    this.batch.set(head, this.batchTo + FRAME_HEADER_BYTES);
    if (body.byteLength > COPY_BYTES) {
      this.batchTo += copied;
      this.closeBatch(0);
      this.waiting.push({ bytes: body, from: 0, to: body.byteLength });
    } else {
      if (body.byteLength > 0) this.batch.set(body, this.batchTo + FRAME_HEADER_BYTES + head.byteLength);
      this.batchTo += copied;
    }
    this.put += FRAME_HEADER_BYTES + length;
  }

  /** Hands over what the sink takes; false when something is left for the next drain. */
  flush(sink: Sink): boolean {
    while (this.waiting.length > 0) {
      const chunk = this.waiting[0]!;
      chunk.from += this.write(sink, chunk.bytes, chunk.from, chunk.to);
      if (chunk.from < chunk.to) return false;
      this.waiting.shift();
    }
    this.batchFrom += this.write(sink, this.batch, this.batchFrom, this.batchTo);
    if (this.batchFrom < this.batchTo) return false;
    this.batchFrom = 0;
    this.batchTo = 0;
    return true;
  }

  private write(sink: Sink, bytes: Uint8Array, from: number, to: number): number {
    if (from === to) return 0;
    const written = Math.max(sink.write(bytes, from, to - from), 0);
    this.sent += written;
    return written;
  }

  private closeBatch(need: number): void {
    if (this.batchTo > this.batchFrom)
      this.waiting.push({ bytes: this.batch, from: this.batchFrom, to: this.batchTo });
    this.batch = new Uint8Array(Math.max(BATCH_BYTES, need));
    this.batchFrom = 0;
    this.batchTo = 0;
  }
}
