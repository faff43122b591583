import { behind } from '../index/objects.ts';
import { checkKey } from '../names.ts';
import { numberParameter, urlEncoder } from './listing.ts';
import type { Operation } from './operation.ts';
import { emptyReply, isoTime, OWNER, quoted, xmlReply } from './reply.ts';
import { isOverwriteForbidden, storedHeaders } from './stored-headers.ts';
import { announcedBytes, etagOf, receiveBody } from './upload-body.ts';
import { partNumberOf, requireUpload } from './upload-id.ts';

/** InitiateMultipartUpload. */
export const initiateUpload: Operation = (request, { shelf, nowMs }) => {
  const { bucket, key, headers } = request;
  shelf.requireBucket(bucket);
  checkKey(key);
  const kept = storedHeaders(headers);
  if (isOverwriteForbidden(headers)) shelf.refuseOverwrite(bucket, key);
  const id = crypto.randomUUID().replaceAll('-', '').toUpperCase();
  shelf.uploads.start({ id, bucket, key, initiatedMs: nowMs, headers: kept });
  const encode = urlEncoder(request);
  return xmlReply('InitiateMultipartUploadResult', {
    EncodingType: request.query.get('encoding-type'),
    Bucket: bucket,
    Key: encode(key),
    UploadId: id,
  });
};

/** UploadPart; a part number that comes again replaces the earlier part. */
export const uploadPart: Operation = async (request, { shelf }) => {
  const upload = requireUpload(request, shelf);
  const number = partNumberOf(request);
  const slot = shelf.slots.take(upload, number, announcedBytes(request));
  try {
    const received = await receiveBody(request, shelf, slot);
    const etag = etagOf(received);
    const crc64 = String(received.crc64);
    const { file, position, size } = received;
    const modifiedMs = Date.now();
    shelf.publishPart({ uploadId: upload.id, number, file, position, size, etag, crc64, modifiedMs });
    return emptyReply(200, { etag: quoted(etag), 'x-oss-hash-crc64ecma': crc64 });
  } finally {
    if (slot) shelf.slots.release(upload.id, number);
  }
};

/** AbortMultipartUpload. */
export const abortUpload: Operation = (request, { shelf }) => {
  shelf.removeUpload(requireUpload(request, shelf));
  return emptyReply(204);
};

/** ListParts, paged by part-number-marker. */
export const listParts: Operation = (request, { shelf }) => {
  const upload = requireUpload(request, shelf);
  const marker = numberParameter(request, 'part-number-marker', 0, 10_000);
  const max = numberParameter(request, 'max-parts', 1000, 1000);
  const found = shelf.uploads.parts(upload.id, marker, max + 1);
  const parts = found.slice(0, max);
  return xmlReply('ListPartsResult', {
    EncodingType: request.query.get('encoding-type'),
    Bucket: upload.bucket,
    Key: urlEncoder(request)(upload.key),
    UploadId: upload.id,
    StorageClass: 'Standard',
    PartNumberMarker: marker,
    NextPartNumberMarker: parts.at(-1)?.number ?? marker,
    MaxParts: max,
    IsTruncated: found.length > max,
    Part: parts.map((part) => ({
      PartNumber: part.number,
      LastModified: isoTime(part.modifiedMs),
      ETag: quoted(part.etag),
      HashCrc64ecma: part.crc64,
      Size: part.size,
    })),
  });
};

/** ListMultipartUploads with prefix, paged by key-marker and upload-id-marker. */
export const listUploads: Operation = (request, { shelf }) => {
  const { bucket, query } = request;
  shelf.requireBucket(bucket);
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const keyMarker = query.get('key-marker') ?? '';
  const idMarker = query.get('upload-id-marker') ?? '';
  const max = numberParameter(request, 'max-uploads', 1000, 1000);
  const encode = urlEncoder(request);
  const commonPrefixOf = (key: string) => {
    const at = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    return at < 0 ? undefined : key.slice(0, at + delimiter.length);
  };
  const after = commonPrefixOf(keyMarker) === keyMarker && keyMarker !== '' ? behind(keyMarker) : keyMarker;
  const found = shelf.uploads
    .uploads(bucket)
    .filter(
      ({ key, id }) =>
        key.startsWith(prefix) && (key > after || (key === after && idMarker !== '' && id > idMarker)),
    );
  const groups = new Map<string, (typeof found)[number] | undefined>();
  for (const upload of found) {
    const group = commonPrefixOf(upload.key);
    if (group !== undefined) groups.set(group, undefined);
    else groups.set(`${upload.key}\0${upload.id}`, upload);
  }
  const page = [...groups].slice(0, max);
  const uploads = page.flatMap(([, upload]) => (upload ? [upload] : []));
  const last = page.at(-1);
  const isTruncated = groups.size > max;
  return xmlReply('ListMultipartUploadsResult', {
    EncodingType: query.get('encoding-type'),
    Bucket: bucket,
    KeyMarker: encode(keyMarker),
    UploadIdMarker: idMarker,
    NextKeyMarker: isTruncated && last ? encode(last[1]?.key ?? last[0]) : '',
    NextUploadIdMarker: isTruncated && last ? (last[1]?.id ?? '') : '',
    Prefix: encode(prefix),
    Delimiter: encode(delimiter),
    MaxUploads: max,
    IsTruncated: isTruncated,
    Upload: uploads.map(({ key, id, initiatedMs }) => ({
      Key: encode(key),
      UploadId: id,
      StorageClass: 'Standard',
      Initiated: isoTime(initiatedMs),
      Owner: OWNER,
      Initiator: OWNER,
    })),
    CommonPrefixes: page.filter(([, upload]) => !upload).map(([group]) => ({ Prefix: encode(group) })),
  });
};
