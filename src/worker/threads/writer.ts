import type { Socket } from 'bun';

/** The parts of Bun's socket that a writer needs. */
export type ByteSink = Pick<Socket<unknown>, 'write' | 'end'>;

/** Bodies below this travel in one write together with their header. */
export const JOIN_BELOW_BYTES = 32 * 1024;

/** Writes whole buffers to a socket that may take only a part of them; `drain` continues. */
export class Writer {
  private pending: Uint8Array[] = [];
  private offset = 0;

  constructor(private readonly socket: ByteSink) {}

  get backlogged(): boolean {
    return this.pending.length > 0;
  }

  write(data: Uint8Array): void {
    if (this.pending.length > 0) {
      this.pending.push(data);
      return;
    }
    const written = Math.max(this.socket.write(data), 0);
    if (written < data.byteLength) {
      this.pending.push(data);
      this.offset = written;
    }
  }

  /** Call when the socket says it takes more. */
  drain(): void {
    while (this.pending.length > 0) {
      const data = this.pending[0]!;
      const left = data.byteLength - this.offset;
      const written = Math.max(this.socket.write(data, this.offset, left), 0);
      this.offset += written;
      if (written < left) return;
      this.pending.shift();
      this.offset = 0;
    }
  }
}
