import { createHash } from 'node:crypto';
import { type FileHandle, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Crc64 } from '../../core/checksum/crc64.ts';
import { EasError, usageError } from '../../core/errors.ts';
import type { OssConnection } from './connection.ts';
import type { OssClient } from './oss-client.ts';
import type { TransferContext } from './transport.ts';

const READ_BYTES = 1024 * 1024;
/** Connections that may break in a row without a single byte in between. */
const MAX_BREAKS = 5;

export interface DownloadOptions {
  bucket: string;
  key: string;
  /** File to write; whole or not at all. */
  path: string;
  /** Whether a file of other content may go. */
  mayReplace: boolean;
  /** `skippedBytes` of those received were there before. */
  onProgress?: (receivedBytes: number, totalBytes: number, skippedBytes: number) => void;
  signal?: AbortSignal;
}

export interface Downloaded {
  sizeBytes: number;
  path: string;
  /** Bytes that an earlier, interrupted download had brought. */
  skippedBytes: number;
  /** The file was there already, with this content. */
  isUnchanged: boolean;
}

interface Facts {
  sizeBytes: number;
  crc64: string | undefined;
  etag: string;
}

/**
 * One object to one file: into a file beside it, named after the version of the object, then renamed. What an interrupted
 * download left in there is taken up again (Range, If-Match).
 */
export class Download {
  private readonly url: string;

  constructor(
    private readonly connection: OssConnection,
    private readonly options: DownloadOptions,
  ) {
    this.url = `oss://${options.bucket}/${options.key}`;
  }

  async run(): Promise<Downloaded> {
    const { path } = this.options;
    const facts = await this.facts();
    const { sizeBytes } = facts;
    const found = await stat(path).catch(() => undefined);
    if (found?.size === sizeBytes && (await this.isThere(facts)))
      return { sizeBytes, path, skippedBytes: sizeBytes, isUnchanged: true };
    if (found && !this.options.mayReplace)
      throw usageError(
        'FileExists',
        `${path} is there already, with other content`,
        'Replace it with --force.',
      );
    const unfinished = await this.unfinishedPath(facts.etag);
    const file = await open(unfinished, 'a+', 0o666).catch((error) => {
      throw unwritable(path, error);
    });
    try {
      const skippedBytes = await this.fill(file, facts);
      await file.sync();
      await rename(unfinished, path);
      return { sizeBytes, path, skippedBytes, isUnchanged: false };
    } catch (error) {
      const isOfNoUse =
        error instanceof EasError && ['ChecksumMismatch', 'ObjectChanged'].includes(error.code);
      if (isOfNoUse) await rm(unfinished, { force: true });
      throw error instanceof EasError || this.options.signal?.aborted ? error : unwritable(path, error);
    } finally {
      await file.close();
    }
  }

  private async facts(): Promise<Facts> {
    const { res } = await this.request((client) => client.head(this.options.key)).catch((error) => {
      if (error instanceof EasError && error.status === 404)
        throw new EasError({
          code: 'NoSuchKey',
          message: `there is no object ${this.url}`,
          hint: `\`eascmd ls oss://${this.options.bucket}/\` lists what is there.`,
          status: 404,
          requestId: error.requestId,
        });
      throw error;
    });
    const { headers } = res;
    return {
      sizeBytes: Number(headers['content-length']),
      crc64: headers['x-oss-hash-crc64ecma'],
      etag: headers.etag ?? '',
    };
  }

  private async isThere({ sizeBytes, crc64 }: Facts): Promise<boolean> {
    if (crc64 === undefined) return false;
    await using file = await open(this.options.path, 'r');
    return (await checksum(file, sizeBytes)).toString() === crc64;
  }

  /** Removes what is left of other versions of the object. */
  private async unfinishedPath(etag: string): Promise<string> {
    const { path } = this.options;
    const prefix = `.${basename(path)}.eascmd-`;
    const version = createHash('sha256').update(`${this.url} ${etag}`).digest('hex').slice(0, 16);
    const names = await readdir(dirname(path)).catch((error) => {
      throw unwritable(path, error);
    });
    for (const name of names)
      if (name.startsWith(prefix) && name !== prefix + version) await rm(join(dirname(path), name));
    return join(dirname(path), prefix + version);
  }

  /** Returns the bytes that were there before. */
  private async fill(file: FileHandle, facts: Facts): Promise<number> {
    const { sizeBytes } = facts;
    let at = (await file.stat()).size;
    if (at > sizeBytes) {
      await file.truncate(0);
      at = 0;
    }
    const skippedBytes = at;
    const crc = await checksum(file, at);
    for (let breaks = 0; at < sizeBytes; ) {
      const begun = at;
      try {
        for await (const chunk of await this.stream(at, facts.etag)) {
          await file.appendFile(chunk);
          crc.update(chunk);
          at += chunk.length;
          this.options.onProgress?.(at, sizeBytes, skippedBytes);
        }
        if (at < sizeBytes) throw Object.assign(new Error('ended early'), { code: 'ECONNRESET' });
      } catch (error) {
        this.options.signal?.throwIfAborted();
        breaks = at > begun ? 0 : breaks + 1;
        const isLocal = (error as NodeJS.ErrnoException).syscall === 'write';
        if (error instanceof EasError || isLocal) throw error;
        if (breaks >= MAX_BREAKS)
          throw new EasError({
            code: 'ConnectionReset',
            message: `the connection was dropped by ${this.connection.origin}, ${breaks} times in a row`,
            hint: 'What has arrived is kept: the same command goes on from there.',
            cause: error,
          });
      }
    }
    this.options.onProgress?.(at, sizeBytes, skippedBytes);
    if (facts.crc64 !== undefined && crc.toString() !== facts.crc64)
      throw new EasError({
        code: 'ChecksumMismatch',
        message: `${this.url} arrived damaged: its CRC-64 is ${facts.crc64}, what arrived has ${crc}`,
        hint: 'Nothing was kept; download it again.',
      });
    return skippedBytes;
  }

  private async stream(from: number, etag: string): Promise<AsyncIterable<Buffer>> {
    const headers = {
      'If-Match': etag,
      ...(from > 0 && { Range: `bytes=${from}-`, 'x-oss-range-behavior': 'standard' }),
    };
    const { stream, res } = await this.request((client) =>
      client.getStream(this.options.key, { headers }),
    ).catch((error) => {
      if (error instanceof EasError && error.status === 412)
        throw new EasError({
          code: 'ObjectChanged',
          message: `${this.url} was replaced while it was downloaded`,
          hint: 'Run the download again.',
        });
      throw error;
    });
    if (from > 0 && res.status !== 206) {
      stream.destroy();
      throw new EasError({
        code: 'RangeIgnored',
        message: `${this.connection.origin} ignores ranges of objects`,
      });
    }
    return stream;
  }

  private request<T>(operation: (client: OssClient) => Promise<T>): Promise<T> {
    const context: TransferContext = { signal: this.options.signal };
    return this.connection.request(operation, context);
  }
}

async function checksum(file: FileHandle, sizeBytes: number): Promise<Crc64> {
  const crc = new Crc64();
  const buffer = Buffer.allocUnsafeSlow(READ_BYTES);
  for (let at = 0; at < sizeBytes; ) {
    const { bytesRead } = await file.read(buffer, 0, Math.min(READ_BYTES, sizeBytes - at), at);
    if (bytesRead === 0) break;
    crc.update(buffer.subarray(0, bytesRead));
    at += bytesRead;
  }
  return crc;
}

const UNWRITABLE: Record<string, string> = {
  ENOENT: 'its folder does not exist',
  ENOTDIR: 'a part of the path is no folder',
  EACCES: 'it is not permitted',
  EROFS: 'the disk is read-only',
  EISDIR: 'it is a folder',
};

function unwritable(path: string, error: unknown): EasError {
  const { code, message } = error as NodeJS.ErrnoException;
  const isFull = code === 'ENOSPC' || code === 'EDQUOT';
  if (isFull)
    return new EasError({
      code: 'DiskFull',
      message: `no room left for ${path}`,
      hint: 'Free some space; the same command goes on from what has arrived.',
    });
  const reason = UNWRITABLE[code ?? ''] ?? code ?? message;
  return usageError('FileUnwritable', `cannot write ${path}: ${reason}`, 'name another file or folder');
}
