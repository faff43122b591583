import type { IncomingMessage } from 'node:http';

interface OssReply {
  res: { status: number; headers: Record<string, string | undefined> };
}

export interface ListedPart {
  PartNumber: string;
  ETag: string;
  Size: string;
  HashCrc64ecma?: string;
}

export interface ListedObject {
  name: string;
  size: number;
  lastModified: string;
  etag: string;
}

/** The part of ali-oss that is used here; its own declarations know neither bodies in memory nor `_uploadPart`. */
export interface OssClient {
  options: { amendTimeSkewed?: number; stsToken?: string };
  put(key: string, body: Buffer): Promise<OssReply>;
  head(key: string): Promise<OssReply>;
  getStream(
    key: string,
    options: { headers: Record<string, string> },
  ): Promise<OssReply & { stream: IncomingMessage }>;
  delete(key: string): Promise<unknown>;
  initMultipartUpload(key: string): Promise<{ uploadId: string }>;
  /** `data.stream` goes to our transport as it is. */
  _uploadPart(
    key: string,
    uploadId: string,
    number: number,
    data: { stream: Buffer; size: number },
  ): Promise<OssReply & { etag: string }>;
  listParts(
    key: string,
    uploadId: string,
    query: Record<string, string | number>,
  ): Promise<{
    parts: ListedPart | ListedPart[];
    isTruncated: boolean | string;
    nextPartNumberMarker: string;
  }>;
  completeMultipartUpload(
    key: string,
    uploadId: string,
    parts: { number: number; etag: string }[],
  ): Promise<OssReply>;
  abortMultipartUpload(key: string, uploadId: string): Promise<unknown>;
  listV2(query: Record<string, string | number>): Promise<{
    objects?: ListedObject[];
    prefixes?: string[] | null;
    nextContinuationToken: string | null;
  }>;
  listBuckets(query: Record<string, string | number>): Promise<{
    buckets: { name: string; region: string; creationDate: string }[] | null;
    isTruncated: boolean;
    nextMarker: string | null;
  }>;
}
