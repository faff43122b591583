import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { Crc64 } from '../../../core/checksum/crc64.ts';
import { isDiskFull } from '../../data/disk-full.ts';
import { diskFull, OssError } from '../errors.ts';
import type { DataFiles } from './data.ts';

export interface Received {
  file: string;
  /** Where in the file it begins. */
  position: number;
  size: number;
  md5: Buffer;
  crc64: bigint;
}

/** What a body has to be; the largest size is in bytes. */
export interface Expectation {
  sizeBytes?: number;
  md5Base64?: string;
  maxBytes: number;
}

/**
 * Streams a body into a new data file, computing MD5 and CRC-64 while each chunk is being written; the next chunk
 * is read only then, so memory stays flat. Nothing is left behind when the body is cut off, wrong, or does not fit.
 */
export async function receive(
  files: DataFiles,
  body: ReadableStream<Uint8Array> | null,
  expectation: Expectation,
): Promise<Received> {
  const { file, handle } = await files.create().catch(rethrowDiskError);
  try {
    const received = await drain(body, handle, 0, expectation.maxBytes);
    check(received, expectation);
    return { file, position: 0, ...received };
  } catch (error) {
    files.discard(file);
    return rethrowDiskError(error);
  } finally {
    await handle.close().catch(() => undefined);
  }
}

/** The same into a slot of a file that others write to as well; what a failed body leaves there, nobody reads. */
export async function receiveInto(
  files: DataFiles,
  { file, position }: { file: string; position: number },
  body: ReadableStream<Uint8Array> | null,
  expectation: Expectation,
): Promise<Received> {
  const handle = await files.reopen(file);
  try {
    const received = await drain(body, handle, position, expectation.maxBytes);
    check(received, expectation);
    return { file, position, ...received };
  } catch (error) {
    return rethrowDiskError(error);
  } finally {
    await handle.close().catch(() => undefined);
  }
}

async function drain(
  body: ReadableStream<Uint8Array> | null,
  handle: FileHandle,
  position: number,
  maxBytes: number,
): Promise<Omit<Received, 'file' | 'position'>> {
  const md5 = createHash('md5');
  const crc64 = new Crc64();
  let size = 0;
  for await (const chunk of body ?? []) {
    const at = position + size;
    size += chunk.byteLength;
    if (size > maxBytes)
      throw new OssError('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed object size.');
    const writing = writeAll(handle, chunk, at);
    md5.update(chunk);
    crc64.update(chunk);
    await writing;
  }
  return { size, md5: md5.digest(), crc64: crc64.value() };
}

/** A write may take only part of what it is given, as it does when the disk fills up. */
export async function writeAll(handle: FileHandle, data: Uint8Array, position: number): Promise<void> {
  let written = 0;
  while (written < data.byteLength)
    written += (await handle.write(data, written, data.byteLength - written, position + written))
      .bytesWritten;
}

function check({ size, md5 }: { size: number; md5: Buffer }, expectation: Expectation): void {
  if (expectation.sizeBytes !== undefined && size !== expectation.sizeBytes)
    throw new OssError(
      'IncompleteBody',
      'You did not provide the number of bytes specified by Content-Length.',
    );
  if (expectation.md5Base64 !== undefined && md5.toString('base64') !== expectation.md5Base64)
    throw new OssError('InvalidDigest', 'The Content-MD5 you specified did not match what we received.');
}

/** A full disk becomes an answer that says so; anything else goes on as it is. */
export function rethrowDiskError(error: unknown): never {
  throw isDiskFull(error) ? diskFull() : error;
}
