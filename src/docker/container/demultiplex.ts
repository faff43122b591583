const HEADER_BYTES = 8;

/**
 * Takes apart what an engine sends for an attached container without a terminal: frames of a stream number (1 stdout,
 * 2 stderr), three zeros and a big-endian length.
 */
export class Demultiplexer {
  private rest: Buffer = Buffer.alloc(0);

  constructor(private readonly onBytes: (stream: 'stdout' | 'stderr', bytes: Buffer) => void) {}

  push(chunk: Uint8Array): void {
    let at = 0;
    const all = this.rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.rest, chunk]);
    while (all.length - at >= HEADER_BYTES) {
      const end = at + HEADER_BYTES + all.readUInt32BE(at + 4);
      if (end > all.length) break;
      this.onBytes(all[at] === 2 ? 'stderr' : 'stdout', all.subarray(at + HEADER_BYTES, end));
      at = end;
    }
    this.rest = all.subarray(at);
  }
}
