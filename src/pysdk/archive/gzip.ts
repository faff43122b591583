import { availableParallelism } from 'node:os';
import { constants, crc32, deflateRaw } from 'node:zlib';

const BLOCK_BYTES = 1024 * 1024;
const LEVEL = 6;
const HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
/** An empty last block, which ends the deflate stream. */
const LAST_BLOCK = Buffer.from([0x03, 0x00]);

/**
 * Gzip over all cores, as one member that any reader takes: blocks of 1 MiB are deflated apart in zlib's threads
 * and end at a byte boundary (sync flush). Memory is a few blocks per core, whatever the size of the input; the
 * same input gives the same bytes on any number of cores.
 */
export class ParallelGzip {
  private block = Buffer.allocUnsafe(BLOCK_BYTES);
  private filled = 0;
  private crc = 0;
  private totalBytes = 0;
  private readonly waiting: Promise<Buffer>[] = [];
  private readonly lanes = availableParallelism() + 1;

  /** `sink` is called with the compressed bytes in order. */
  constructor(private readonly sink: (bytes: Buffer) => void) {
    sink(HEADER);
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      const space = this.space();
      const part = bytes.subarray(at, at + space.length);
      space.set(part);
      at += part.length;
      await this.filledBy(part.length);
    }
  }

  /** Free part of the block at hand; whoever fills some of it says so with `filledBy`. */
  space(): Buffer {
    return this.block.subarray(this.filled);
  }

  async filledBy(bytes: number): Promise<void> {
    this.filled += bytes;
    if (this.filled === BLOCK_BYTES) await this.flush();
  }

  async end(): Promise<void> {
    if (this.filled > 0) await this.flush();
    while (this.waiting.length > 0) await this.drainOne();
    const trailer = Buffer.alloc(8);
    trailer.writeUInt32LE(this.crc, 0);
    trailer.writeUInt32LE(this.totalBytes % 2 ** 32, 4);
    this.sink(Buffer.concat([LAST_BLOCK, trailer]));
  }

  private async flush(): Promise<void> {
    const block = this.block.subarray(0, this.filled);
    this.crc = crc32(block, this.crc);
    this.totalBytes += block.length;
    this.waiting.push(deflated(block));
    this.block = Buffer.allocUnsafe(BLOCK_BYTES);
    this.filled = 0;
    if (this.waiting.length >= this.lanes) await this.drainOne();
  }

  private async drainOne(): Promise<void> {
    this.sink(await this.waiting.shift()!);
  }
}

function deflated(block: Buffer): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const options = { level: LEVEL, finishFlush: constants.Z_SYNC_FLUSH };
  deflateRaw(block, options, (error, bytes) => (error ? reject(error) : resolve(bytes)));
  // A pack that has failed meanwhile doesn't wait for its last blocks.
  promise.catch(() => {});
  return promise;
}
