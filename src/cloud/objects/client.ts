import { Crc64 } from '../../core/checksum/crc64.ts';
import { EasError } from '../../core/errors.ts';
import type { NetworkOptions } from '../../core/network.ts';
import { type Clock, type RetryPolicy, withRetry } from '../../core/retry.ts';
import type { Credentials, Target } from '../../core/target.ts';
import { systemClock } from '../transport/clock.ts';
import { UploadFile } from './file.ts';
import { classifyOss, connectOss, type OssConnection, ossError } from './oss.ts';

const MIB = 1024 * 1024;
const PART_BYTES = 4 * MIB;
/** OSS takes 10,000 parts. */
const MAX_PARTS = 9_000;
const PARTS_AT_ONCE = 4;

export interface ObjectStoreOptions {
  network?: NetworkOptions;
  /** Used instead of the target's, for `upload --inner`. */
  objectStoreUrl?: string;
  clock?: Clock;
  retry?: RetryPolicy;
}

export interface UploadOptions {
  bucket: string;
  key: string;
  /** Called with the bytes that have arrived at the store. */
  onProgress?: (sentBytes: number, totalBytes: number) => void;
  signal?: AbortSignal;
}

export interface Uploaded {
  sizeBytes: number;
  /** `oss://bucket/key`. */
  url: string;
}

export interface ObjectStoreClient {
  /**
   * Uploads a file whole or not at all, checked end to end with CRC-64. EasError: 2 when the file is absent, 1 when
   * it changes meanwhile or the store refuses, 4 on credentials; rejects with the signal's reason on abort.
   */
  upload(path: string, options: UploadOptions): Promise<Uploaded>;
}

/** OSS through ali-oss. Memory is a few parts, whatever the size of the file. */
export function createObjectStoreClient(
  target: Target,
  credentials: Credentials,
  options: ObjectStoreOptions = {},
): ObjectStoreClient {
  const network = options.network ?? {};
  const connect = (bucket: string) =>
    connectOss(options.objectStoreUrl ?? target.objectStoreUrl, bucket, target, credentials, network);
  return {
    async upload(path, upload) {
      upload.signal?.throwIfAborted();
      const file = await UploadFile.open(path);
      try {
        return await new Upload(file, upload, connect, network, options).run();
      } finally {
        await file.close();
      }
    },
  };
}

class Upload {
  private readonly crc = new Crc64();
  private sentBytes = 0;

  constructor(
    private readonly file: UploadFile,
    private readonly options: UploadOptions,
    private readonly connect: (bucket: string) => Promise<OssConnection>,
    private readonly network: NetworkOptions,
    private readonly policy: ObjectStoreOptions,
  ) {}

  async run(): Promise<Uploaded> {
    const { bucket, key, signal } = this.options;
    const connection = await this.connect(bucket);
    const stop = () => connection.agent.destroy();
    signal?.addEventListener('abort', stop);
    try {
      const isSmall = this.file.sizeBytes <= PART_BYTES;
      const answered = isSmall ? await this.putWhole(connection) : await this.putParts(connection);
      await this.verify(answered);
      return { sizeBytes: this.file.sizeBytes, url: `oss://${bucket}/${key}` };
    } finally {
      signal?.removeEventListener('abort', stop);
      connection.agent.destroy();
    }
  }

  /** Returns the checksum that the store computed. */
  private async putWhole(connection: OssConnection): Promise<string | undefined> {
    const body = await this.file.read(0, Buffer.allocUnsafeSlow(this.file.sizeBytes));
    this.crc.update(body);
    await this.file.checkUnchanged();
    const { res } = await this.attempt(connection, () => connection.client.put(this.options.key, body));
    this.progress(body.length);
    return res.headers['x-oss-hash-crc64ecma'];
  }

  private async putParts(connection: OssConnection): Promise<string | undefined> {
    const { key } = this.options;
    const { uploadId } = await this.attempt(connection, () => connection.client.initMultipartUpload(key));
    try {
      const parts = await this.sendParts(connection, uploadId);
      await this.file.checkUnchanged();
      const { res } = await this.attempt(connection, () =>
        connection.client.completeMultipartUpload(key, uploadId, parts),
      );
      return res.headers['x-oss-hash-crc64ecma'];
    } catch (error) {
      await this.cleanUp(({ client }) => client.abortMultipartUpload(key, uploadId));
      throw error;
    }
  }

  /** Reads in order and sends a few parts at a time. */
  private async sendParts(connection: OssConnection, uploadId: string) {
    const size = this.file.sizeBytes;
    const partBytes = Math.max(PART_BYTES, Math.ceil(size / MAX_PARTS / MIB) * MIB);
    const parts: { number: number; etag: string }[] = [];
    const spare: Buffer[] = [];
    const flying = new Set<Promise<void>>();
    let failure: { error: unknown } | undefined;
    for (let start = 0, number = 1; start < size && !failure; start += partBytes, number++) {
      // Buffers are used again: left to the collector, they would pile up to many times what is in flight.
      const buffer = spare.pop() ?? Buffer.allocUnsafeSlow(partBytes);
      const body = await this.file.read(start, buffer.subarray(0, Math.min(partBytes, size - start)));
      this.crc.update(body);
      const part = this.sendPart(connection, uploadId, number, body)
        .then(
          (etag) => void parts.push({ number, etag }),
          (error) => {
            failure ??= { error };
          },
        )
        .finally(() => {
          spare.push(buffer);
          flying.delete(part);
        });
      flying.add(part);
      if (flying.size >= PARTS_AT_ONCE) await Promise.race(flying);
    }
    await Promise.all(flying);
    if (failure) throw failure.error;
    return parts;
  }

  private async sendPart(connection: OssConnection, uploadId: string, number: number, body: Buffer) {
    const { etag } = await this.attempt(connection, () =>
      connection.client.uploadPart(this.options.key, uploadId, number, body, 0, body.length),
    );
    this.progress(body.length);
    return etag;
  }

  private async verify(answered: string | undefined): Promise<void> {
    const { bucket, key } = this.options;
    if (answered === undefined || answered === this.crc.toString()) return;
    await this.cleanUp(({ client }) => client.delete(key));
    throw new EasError({
      code: 'ChecksumMismatch',
      message: `oss://${bucket}/${key} arrived damaged: its CRC-64 is ${answered}, that of ${this.file.path} is ${this.crc}`,
      hint: 'The damaged object was removed; upload the file again.',
    });
  }

  private progress(bytes: number): void {
    this.sentBytes += bytes;
    this.options.onProgress?.(this.sentBytes, this.file.sizeBytes);
  }

  private attempt<T>(connection: OssConnection, operation: () => Promise<T>): Promise<T> {
    const { bucket, signal } = this.options;
    return withRetry(
      () =>
        operation().catch((error) => {
          signal?.throwIfAborted();
          throw ossError(error, connection, bucket, this.network);
        }),
      {
        isRepeatable: true,
        classify: classifyOss,
        clock: this.policy.clock ?? systemClock,
        signal,
        policy: this.policy.retry,
      },
    );
  }

  /** On sockets of its own, since an abort has closed the others; what it cannot remove, the store expires. */
  private async cleanUp(operation: (connection: OssConnection) => Promise<unknown>): Promise<void> {
    const connection = await this.connect(this.options.bucket);
    await operation(connection).catch(() => {});
    connection.agent.destroy();
  }
}
