import { OssError } from '../errors.ts';
import { receive } from '../files/receive.ts';
import type { StoredObject } from '../index/objects.ts';
import { checkKey } from '../names.ts';
import type { OssRequest } from '../request.ts';
import type { Shelf } from '../shelf.ts';
import { checkCopyConditions } from './conditions.ts';
import type { Operation } from './operation.ts';
import { isoTime, quoted, xmlReply } from './reply.ts';
import { isOverwriteForbidden, storedHeaders } from './stored-headers.ts';
import { etagOf } from './upload-body.ts';
import { partNumberOf, requireUpload } from './upload-id.ts';

/** CopyObject: the copy shares the source's data file, which never changes. */
export const copyObject: Operation = (request, { shelf, nowMs }) => {
  const { bucket, key, headers } = request;
  shelf.requireBucket(bucket);
  checkKey(key);
  const source = sourceOf(request, shelf);
  const isReplacing = headers.get('x-oss-metadata-directive')?.toUpperCase() === 'REPLACE';
  const kept = storedHeaders(headers);
  shelf.publish(
    { ...source, bucket, key, modifiedMs: nowMs, headers: isReplacing ? kept : source.headers },
    isOverwriteForbidden(headers),
  );
  return xmlReply(
    'CopyObjectResult',
    { LastModified: isoTime(nowMs), ETag: quoted(source.etag) },
    { 'x-oss-hash-crc64ecma': source.crc64 },
  );
};

/** UploadPartCopy, of the whole source or of `x-oss-copy-source-range`. */
export const uploadPartCopy: Operation = async (request, { shelf }) => {
  const upload = requireUpload(request, shelf);
  const number = partNumberOf(request);
  const source = sourceOf(request, shelf);
  const bounds = /^bytes=(\d+)-(\d+)$/.exec(request.headers.get('x-oss-copy-source-range') ?? '');
  const data = Bun.file(shelf.files.path(source.file));
  const part = bounds ? data.slice(Number(bounds[1]), Number(bounds[2]) + 1) : data;
  const received = await receive(shelf.files, part.stream(), { maxBytes: source.size });
  const etag = etagOf(received);
  const crc64 = String(received.crc64);
  const modifiedMs = Date.now();
  const { file, position, size } = received;
  shelf.publishPart({ uploadId: upload.id, number, file, position, size, etag, crc64, modifiedMs });
  return xmlReply(
    'CopyPartResult',
    { LastModified: isoTime(modifiedMs), ETag: quoted(etag) },
    { etag: quoted(etag), 'x-oss-hash-crc64ecma': crc64 },
  );
};

function sourceOf(request: OssRequest, shelf: Shelf): StoredObject {
  const text = request.headers.get('x-oss-copy-source') ?? '';
  const parts = /^\/?([^/]+)\/(.+)$/s.exec(decodeSource(text));
  if (!parts) throw new OssError('InvalidArgument', 'x-oss-copy-source is not /<bucket>/<key>.');
  const source = shelf.requireObject(parts[1]!, parts[2]!);
  checkCopyConditions(request.headers, source);
  return source;
}

function decodeSource(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new OssError('InvalidArgument', 'x-oss-copy-source is not URL-encoded UTF-8.');
  }
}
