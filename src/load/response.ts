const HEAD_END = Buffer.from('\r\n\r\n');
/** No server sends a longer head. */
const MOST_HEAD_BYTES = 64 * 1024;

type Part = 'head' | 'length' | 'until-end' | 'chunk-size' | 'chunk' | 'chunk-end' | 'trailer' | 'whole';

/** Reads the answers that come over one connection, one after the other; of the body only its end matters. */
export class ResponseReader {
  status = 0;
  /** The connection can take another request after this answer. */
  isKept = true;
  private part: Part = 'head';
  private pending: Buffer = Buffer.alloc(0);
  private left = 0;
  private line = '';

  /** Ready for the next answer. */
  reset(): void {
    this.part = 'head';
    this.status = 0;
    this.isKept = true;
    this.pending = Buffer.alloc(0);
  }

  /** Takes what has come; true once the answer is whole. Throws for what is no HTTP/1.1. */
  push(bytes: Buffer): boolean {
    let rest = bytes;
    if (this.part === 'head') {
      const body = this.readHead(rest);
      if (!body) return false;
      rest = body;
    }
    for (let at = 0; this.part !== 'whole' && (at < rest.byteLength || this.left === 0); ) {
      if (this.part === 'until-end') return false;
      if (this.part === 'length' || this.part === 'chunk') {
        const taken = Math.min(this.left, rest.byteLength - at);
        this.left -= taken;
        at += taken;
        if (this.left > 0) return false;
        this.part = this.part === 'length' ? 'whole' : 'chunk-end';
        this.line = '';
      } else {
        const end = rest.indexOf(10, at);
        this.line += rest.toString('latin1', at, end < 0 ? rest.byteLength : end);
        if (end < 0) return false;
        at = end + 1;
        this.endLine();
      }
      if (at >= rest.byteLength && this.part !== 'whole') return false;
    }
    return this.part === 'whole';
  }

  /** The connection was closed: whether that ends the answer in order. */
  end(): boolean {
    return this.part === 'until-end';
  }

  /** What follows the head; undefined while it has not ended. */
  private readHead(bytes: Buffer): Buffer | undefined {
    const all = this.pending.byteLength > 0 ? Buffer.concat([this.pending, bytes]) : bytes;
    const end = all.indexOf(HEAD_END);
    if (end < 0) {
      if (all.byteLength > MOST_HEAD_BYTES) throw new Error('the head of the answer does not end');
      this.pending = Buffer.from(all);
      return undefined;
    }
    this.pending = Buffer.alloc(0);
    const head = all.toString('latin1', 0, end + 2);
    const rest = all.subarray(end + HEAD_END.byteLength);
    this.understand(head);
    return this.status < 200 ? this.readHead(rest) : rest;
  }

  private understand(head: string): void {
    const [, minor, status] = /^HTTP\/1\.(\d) (\d{3})/.exec(head) ?? [];
    if (!status) throw new Error('the answer is no HTTP/1.1');
    this.status = Number(status);
    const connection = /\r\nconnection: *([^\r]*)/i.exec(head)?.[1]?.toLowerCase() ?? '';
    this.isKept = minor === '0' ? connection.includes('keep-alive') : !connection.includes('close');
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    this.left = 0;
    this.line = '';
    if (this.status < 200) this.part = 'head';
    else if (this.status === 204 || this.status === 304) this.part = 'whole';
    else if (/\r\ntransfer-encoding: *[^\r]*chunked/i.test(head)) this.part = 'chunk-size';
    else if (length === undefined) {
      this.part = 'until-end';
      this.isKept = false;
    } else {
      this.left = Number(length);
      this.part = this.left > 0 ? 'length' : 'whole';
    }
  }

  private endLine(): void {
    const line = this.line.replace(/\r$/, '');
    this.line = '';
    if (this.part === 'chunk-end') this.part = 'chunk-size';
    else if (this.part === 'trailer') this.part = line === '' ? 'whole' : 'trailer';
    else {
      const size = /^[0-9a-f]+/i.exec(line)?.[0];
      if (!size) throw new Error('a chunk of the answer has no size');
      this.left = Number.parseInt(size, 16);
      this.part = this.left > 0 ? 'chunk' : 'trailer';
    }
  }
}
