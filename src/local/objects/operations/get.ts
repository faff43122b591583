import type { StoredObject } from '../index/objects.ts';
import type { OssRequest } from '../request.ts';
import { checkReadConditions } from './conditions.ts';
import type { Operation } from './operation.ts';
import { selectRange } from './range.ts';
import { emptyReply, objectHeaders, quoted } from './reply.ts';

/** GetObject, whole or one range of bytes, with `response-*` overrides of the stored headers. */
export const getObject: Operation = (request, { shelf }) => {
  const object = shelf.requireObject(request.bucket, request.key);
  checkReadConditions(request.headers, object);
  const headers = readHeaders(request, object);
  // Bun would add the data file's name if there were no content-disposition.
  headers['content-disposition'] ??= 'inline';
  const data = Bun.file(shelf.files.path(object.file));
  const range = selectRange(request.headers, object.size);
  if (!range) return new Response(request.headers.has('range') ? passedOn(data) : data, { headers });
  headers['content-range'] = `bytes ${range.start}-${range.end - 1}/${object.size}`;
  return new Response(data.slice(range.start, range.end), { status: 206, headers });
};

/** Bun applies a Range header to every response it knows to be a file, by rules that are not OSS's. */
function passedOn(data: Blob): ReadableStream {
  return data.stream().pipeThrough(new TransformStream());
}

/** HeadObject. */
export const headObject: Operation = (request, { shelf }) => {
  const object = shelf.requireObject(request.bucket, request.key);
  checkReadConditions(request.headers, object);
  return emptyReply(200, { ...readHeaders(request, object), 'content-length': String(object.size) });
};

/** GetObjectMeta: ETag, size and time only. */
export const getObjectMeta: Operation = (request, { shelf }) => {
  const object = shelf.requireObject(request.bucket, request.key);
  const { etag, 'last-modified': modified, 'x-oss-hash-crc64ecma': crc64 } = objectHeaders(object);
  return emptyReply(200, {
    etag: etag ?? quoted(object.etag),
    'last-modified': modified!,
    'x-oss-hash-crc64ecma': crc64!,
    'content-length': String(object.size),
  });
};

function readHeaders(request: OssRequest, object: StoredObject): Record<string, string> {
  const headers = objectHeaders(object);
  for (const [name, value] of request.query)
    if (name.startsWith('response-')) headers[name.slice('response-'.length)] = value;
  return headers;
}
