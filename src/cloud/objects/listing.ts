import type { OssConnection } from './connection.ts';

const PAGE = 1000;

export interface ListOptions {
  bucket: string;
  prefix: string;
  /** Also what lies behind the next slash; else that is given as prefixes. */
  isRecursive: boolean;
  signal?: AbortSignal;
}

export interface ObjectList {
  objects: { key: string; sizeBytes: number; modifiedAt: string; etag: string }[];
  /** Common prefixes up to the next slash, which they end with. */
  prefixes: string[];
}

export interface BucketList {
  buckets: { name: string; region: string; createdAt: string }[];
}

/** All pages of a prefix, in byte order of the keys. */
export async function listObjects(connection: OssConnection, options: ListOptions): Promise<ObjectList> {
  const { prefix, isRecursive, signal } = options;
  const list: ObjectList = { objects: [], prefixes: [] };
  for (let token: string | null = ''; token !== null; ) {
    const query: Record<string, string | number> = { prefix, 'max-keys': PAGE };
    if (!isRecursive) query.delimiter = '/';
    if (token) query['continuation-token'] = token;
    const page = await connection.request((client) => client.listV2({ ...query }), { signal });
    for (const { name, size, lastModified, etag } of page.objects ?? [])
      list.objects.push({
        key: name,
        sizeBytes: size,
        modifiedAt: lastModified,
        etag: etag.replaceAll('"', ''),
      });
    list.prefixes.push(...(page.prefixes ?? []));
    token = page.nextContinuationToken;
  }
  return list;
}

/** The buckets of the account. */
export async function listBuckets(connection: OssConnection, signal?: AbortSignal): Promise<BucketList> {
  const list: BucketList = { buckets: [] };
  for (let marker: string | null = ''; marker !== null; ) {
    const query: Record<string, string | number> = { 'max-keys': PAGE, ...(marker && { marker }) };
    const page = await connection.request((client) => client.listBuckets(query), { signal });
    for (const { name, region, creationDate } of page.buckets ?? [])
      list.buckets.push({ name, region: region.replace(/^oss-/, ''), createdAt: creationDate });
    marker = page.isTruncated ? page.nextMarker : null;
  }
  return list;
}
