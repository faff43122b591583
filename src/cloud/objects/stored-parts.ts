import { createHash } from 'node:crypto';
import type { OssConnection } from './connection.ts';
import type { ListedPart } from './oss-client.ts';

/** A part that the store says it has. */
export class StoredPart {
  readonly etag: string;

  constructor(private readonly listed: ListedPart) {
    this.etag = listed.ETag;
  }

  /** Whether it holds these very bytes, by the store's CRC-64 or, where it tells none, by MD5 (the ETag of a part). */
  matches(body: Buffer, crc64: string): boolean {
    if (Number(this.listed.Size) !== body.length) return false;
    if (this.listed.HashCrc64ecma !== undefined) return this.listed.HashCrc64ecma === crc64;
    const md5 = createHash('md5').update(body).digest('hex').toUpperCase();
    return this.etag.replaceAll('"', '').toUpperCase() === md5;
  }
}

/** All parts of an upload by number (ListParts). EasError NoSuchUpload when the store forgot it. */
export async function listStoredParts(
  connection: OssConnection,
  { key, signal }: { key: string; signal?: AbortSignal },
  uploadId: string,
): Promise<Map<number, StoredPart>> {
  const found = new Map<number, StoredPart>();
  for (let marker = '0'; ; ) {
    const query = { 'max-parts': 1000, 'part-number-marker': marker };
    const page = await connection.request((client) => client.listParts(key, uploadId, query), { signal });
    for (const part of [page.parts].flat()) found.set(Number(part.PartNumber), new StoredPart(part));
    if (String(page.isTruncated) !== 'true') return found;
    marker = page.nextPartNumberMarker;
  }
}
