import { Crc64, combineCrc64 } from '../../core/checksum/crc64.ts';
import { EasError } from '../../core/errors.ts';
import type { OssConnection } from './connection.ts';
import type { UploadFile } from './file.ts';
import type { OssClient } from './oss-client.ts';
import { PARTS_AT_ONCE, type Part, partBytesFor, partsOf, WHOLE_BYTES } from './parts.ts';
import type { UploadRecord, UploadRecords } from './records.ts';
import { listStoredParts, type StoredPart } from './stored-parts.ts';

/** How often an upload is begun again, or its parts looked through, when the store lost or mixed up something. */
const MAX_ROUNDS = 3;
/** Node's HTTP client copies what it sends; copies that outlive a small collection stay until a full one, seldom by itself. */
const PARTS_BETWEEN_COLLECTIONS = 8;

export interface UploadOptions {
  bucket: string;
  key: string;
  /** Told the bytes of the file that are at the store or on their way to it; `skippedBytes` of them were there before. */
  onProgress?: (sentBytes: number, totalBytes: number, skippedBytes: number) => void;
  signal?: AbortSignal;
}

export interface Uploaded {
  sizeBytes: number;
  /** `oss://bucket/key`. */
  url: string;
  /** Bytes of the file that did not have to be sent because the store had them. */
  skippedBytes: number;
  /** The object was there already, from an earlier upload of the unchanged file. */
  isUnchanged: boolean;
}

/** The upload of one file to one object. */
export class Upload {
  private readonly url: string;
  private readonly target: string;
  private doneBytes = 0;
  private skippedBytes = 0;
  /** Bytes under way, by part. */
  private readonly flying = new Map<number, number>();

  constructor(
    private readonly file: UploadFile,
    private readonly connection: OssConnection,
    private readonly records: UploadRecords,
    private readonly options: UploadOptions,
  ) {
    this.url = `oss://${options.bucket}/${options.key}`;
    this.target = `${connection.origin} ${this.url}`;
  }

  async run(): Promise<Uploaded> {
    const known = await this.records.find(this.file.path, this.target);
    const isSame = known?.identity === this.file.identity;
    if (isSame && known.crc64 !== undefined && (await this.isStored(known.crc64))) {
      this.skippedBytes = this.file.sizeBytes;
      this.progress(0, this.file.sizeBytes);
      return this.result(true);
    }
    if (known?.uploadId && !isSame) await this.abandon(known.uploadId);
    const isWhole = this.file.sizeBytes <= WHOLE_BYTES;
    const crc64 = isWhole ? await this.putWhole() : await this.putParts(isSame ? known : undefined);
    await this.records.save({ ...this.record(), crc64 });
    return this.result(false);
  }

  private result(isUnchanged: boolean): Uploaded {
    const { sizeBytes } = this.file;
    const skippedBytes = isUnchanged ? sizeBytes : this.skippedBytes;
    return { sizeBytes, url: this.url, skippedBytes, isUnchanged };
  }

  private record(): UploadRecord {
    return { path: this.file.path, target: this.target, identity: this.file.identity };
  }

  private async putWhole(): Promise<string> {
    const body = await this.file.read(0, Buffer.allocUnsafeSlow(this.file.sizeBytes));
    const crc64 = new Crc64().update(body).toString();
    await this.file.checkUnchanged();
    const { res } = await this.request(
      (client) => client.put(this.options.key, body),
      (bytes) => this.progress(1, bytes),
    );
    await this.verify(crc64, res.headers['x-oss-hash-crc64ecma']);
    this.arrive(1, body.length);
    return crc64;
  }

  /** Returns the file's checksum, which is also the object's. */
  private async putParts(known: UploadRecord | undefined): Promise<string> {
    let { uploadId, partBytes } = known ?? {};
    for (let round = 1; ; round++) {
      const isNew = uploadId === undefined || partBytes === undefined;
      if (isNew) {
        partBytes = partBytesFor(this.file.sizeBytes);
        ({ uploadId } = await this.request((client) => client.initMultipartUpload(this.options.key)));
        await this.records.save({ ...this.record(), uploadId, partBytes });
      }
      const id = uploadId!;
      try {
        const stored = isNew ? new Map() : await listStoredParts(this.connection, this.options, id);
        return await this.sendAndComplete(id, partBytes!, stored);
      } catch (error) {
        const isForgotten = error instanceof EasError && error.code === 'NoSuchUpload';
        const isWorthAnother = isForgotten || (error instanceof EasError && error.code === 'InvalidPart');
        if (isForgotten) {
          await this.records.forget(this.file.path, this.target);
          uploadId = undefined;
        }
        if (!isWorthAnother || round === MAX_ROUNDS) throw await this.leave(id, error);
      }
    }
  }

  /** After a failure: keeps what can be resumed, gives up the rest. */
  private async leave(uploadId: string, error: unknown): Promise<unknown> {
    const isKept = this.records.areKept && !(error instanceof EasError && isFinal(error));
    if (isKept) {
      if (error instanceof EasError)
        error.detail.push('What has arrived is kept: the same command goes on from there.');
      return error;
    }
    await this.abandon(uploadId);
    await this.records.forget(this.file.path, this.target);
    return error;
  }

  private async sendAndComplete(uploadId: string, partBytes: number, stored: Map<number, StoredPart>) {
    const { parts, crc64 } = await this.sendParts(uploadId, partBytes, stored);
    await this.file.checkUnchanged();
    const { key } = this.options;
    try {
      const { res } = await this.request((client) => client.completeMultipartUpload(key, uploadId, parts));
      await this.verify(crc64, res.headers['x-oss-hash-crc64ecma']);
    } catch (error) {
      // Completed, but the answer was lost, or another process was faster.
      const isGone = error instanceof EasError && error.code === 'NoSuchUpload';
      if (!isGone || !(await this.isStored(crc64))) throw error;
    }
    return crc64;
  }

  /** Reads in order and sends a few parts at a time; those that the store has, as its checksums prove, are skipped. */
  private async sendParts(uploadId: string, partBytes: number, stored: Map<number, StoredPart>) {
    this.doneBytes = 0;
    this.skippedBytes = 0;
    const parts: { number: number; etag: string }[] = [];
    const spare: Buffer[] = [];
    const flying = new Set<Promise<void>>();
    let whole = 0n;
    let failure: { error: unknown } | undefined;
    for (const part of partsOf(this.file.sizeBytes, partBytes)) {
      // Buffers are used again: left to the collector, they would pile up to many times what is in flight.
      const buffer = spare.pop() ?? Buffer.allocUnsafeSlow(partBytes);
      const body = await this.file.read(part.start, buffer.subarray(0, part.sizeBytes)).catch((error) => {
        failure ??= { error };
      });
      if (!body || failure) break;
      const crc64 = new Crc64().update(body).value();
      whole = combineCrc64(whole, crc64, part.sizeBytes);
      const there = stored.get(part.number);
      if (there?.matches(body, String(crc64))) {
        parts.push({ number: part.number, etag: there.etag });
        this.skippedBytes += part.sizeBytes;
        this.arrive(part.number, part.sizeBytes);
        spare.push(buffer);
        continue;
      }
      const sending = this.sendPart(uploadId, part, body, String(crc64))
        .then((etag) => void parts.push({ number: part.number, etag }))
        .catch((error) => {
          failure ??= { error };
        })
        .finally(() => {
          spare.push(buffer);
          flying.delete(sending);
        });
      flying.add(sending);
      if (flying.size >= PARTS_AT_ONCE) await Promise.race(flying);
      if (failure) break;
      // Better now than after hours.
      await this.file.checkUnchanged().catch((error) => {
        failure ??= { error };
      });
    }
    await Promise.all(flying);
    if (failure) throw failure.error;
    return { parts, crc64: String(whole) };
  }

  private async sendPart(uploadId: string, { number, sizeBytes }: Part, body: Buffer, crc64: string) {
    const { etag, res } = await this.request(
      async (client) => {
        const reply = await client._uploadPart(this.options.key, uploadId, number, {
          stream: body,
          size: sizeBytes,
        });
        const answered = reply.res.headers['x-oss-hash-crc64ecma'];
        if (answered !== undefined && answered !== crc64)
          throw this.damaged('PartDamaged', `part ${number}`, answered, crc64);
        return reply;
      },
      (bytes) => this.progress(number, bytes),
    );
    this.arrive(number, sizeBytes);
    if (number % PARTS_BETWEEN_COLLECTIONS === 0) Bun.gc(true);
    return etag ?? res.headers.etag;
  }

  private async verify(crc64: string, answered: string | undefined): Promise<void> {
    if (answered === undefined || answered === crc64) return;
    await this.connection.request((client) => client.delete(this.options.key)).catch(() => {});
    throw this.damaged('ChecksumMismatch', this.url, answered, crc64);
  }

  private damaged(code: string, what: string, answered: string, crc64: string): EasError {
    return new EasError({
      code,
      message: `${what} arrived damaged: its CRC-64 is ${answered}, that of ${this.file.path} is ${crc64}`,
      hint: 'Nothing damaged was kept; upload the file again.',
    });
  }

  /** One request: is the object there, with this size and checksum? */
  private async isStored(crc64: string): Promise<boolean> {
    try {
      const { res } = await this.request((client) => client.head(this.options.key));
      const isSameSize = Number(res.headers['content-length']) === this.file.sizeBytes;
      return isSameSize && res.headers['x-oss-hash-crc64ecma'] === crc64;
    } catch (error) {
      if (error instanceof EasError && (error.status === 404 || error.status === 403)) return false;
      throw error;
    }
  }

  /** Gives an upload up, as far as the store can be reached; else it expires by the bucket's rules. */
  private async abandon(uploadId: string): Promise<void> {
    await this.connection
      .request((client) => client.abortMultipartUpload(this.options.key, uploadId))
      .catch(() => {});
  }

  private arrive(number: number, bytes: number): void {
    this.flying.delete(number);
    this.doneBytes += bytes;
    this.progress(number, 0);
  }

  private progress(number: number, bytes: number): void {
    if (bytes > 0) this.flying.set(number, bytes);
    const flying = this.flying.values().reduce((sum, part) => sum + part, 0);
    this.options.onProgress?.(this.doneBytes + flying, this.file.sizeBytes, this.skippedBytes);
  }

  private request<T>(operation: (client: OssClient) => Promise<T>, onSent?: (bytes: number) => void) {
    return this.connection.request(operation, { signal: this.options.signal, onSent });
  }
}

/** Failures after which nothing of the upload is of use. */
function isFinal(error: EasError): boolean {
  return ['FileChanged', 'ChecksumMismatch', 'PartDamaged'].includes(error.code) || error.status === 507;
}
