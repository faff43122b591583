import { createHash } from 'node:crypto';
import { combineCrc64 } from '../../../core/checksum/crc64.ts';
import { OssError } from '../errors.ts';
import { joinFiles } from '../files/join.ts';
import type { Part, Upload } from '../index/uploads.ts';
import type { OssRequest } from '../request.ts';
import { noSuchUpload, type Shelf } from '../shelf.ts';
import { elementsOf, unescapeXml } from '../xml.ts';
import type { Operation } from './operation.ts';
import { quoted, xmlReply } from './reply.ts';
import { isOverwriteForbidden } from './stored-headers.ts';
import { readDocument } from './upload-body.ts';
import { requireUpload } from './upload-id.ts';

/** Every part but the last has to be at least this long. */
const MIN_PART_BYTES = 100 * 1024;

/**
 * CompleteMultipartUpload: the listed parts, or with `x-oss-complete-all: yes` all of them, become one object.
 * Its CRC-64 comes from those of the parts; the ETag is `<MD5 of the parts' MD5s>-<number of parts>`.
 */
export const completeUpload: Operation = async (request, { shelf, region }) => {
  const upload = requireUpload(request, shelf);
  const isForbidden = isOverwriteForbidden(request.headers);
  if (isForbidden) shelf.refuseOverwrite(upload.bucket, upload.key);
  const parts = await chosenParts(request, shelf, upload.id);
  const file = wholeFile(parts, upload, shelf) ?? (await joinFiles(shelf.files, parts));
  const spare = shelf.uploads.parts(upload.id);
  const etag = `${createHash('md5')
    .update(Buffer.from(parts.map((part) => part.etag).join(''), 'hex'))
    .digest('hex')
    .toUpperCase()}-${parts.length}`;
  const crc64 = String(parts.reduce((crc, part) => combineCrc64(crc, BigInt(part.crc64), part.size), 0n));
  shelf.publish(
    {
      bucket: upload.bucket,
      key: upload.key,
      file,
      size: parts.reduce((size, part) => size + part.size, 0),
      etag,
      crc64,
      type: 'Multipart',
      modifiedMs: Date.now(),
      headers: upload.headers,
    },
    isForbidden,
    () => {
      if (!shelf.uploads.finish(upload.id)) throw noSuchUpload(upload.id);
    },
  );
  shelf.retireParts(upload, spare);
  const { bucket, key } = upload;
  return xmlReply(
    'CompleteMultipartUploadResult',
    {
      Location: `http://${bucket}.oss-${region}.aliyuncs.com/${encodeURI(key)}`,
      Bucket: bucket,
      Key: key,
      ETag: quoted(etag),
    },
    { etag: quoted(etag), 'x-oss-hash-crc64ecma': crc64 },
  );
};

/** The file that is the object already: a single part's own, or the one that all parts lie in one behind the other. */
function wholeFile(parts: Part[], upload: Upload, shelf: Shelf): string | undefined {
  const [first] = parts;
  if (parts.length === 1 && first!.file !== upload.file) return first!.file;
  let end = 0;
  for (const part of parts) {
    if (part.file !== upload.file || part.position !== end) return undefined;
    end += part.size;
  }
  // A part that is still coming would be written behind the end of the object.
  if (shelf.slots.isBusy(upload.id)) return undefined;
  shelf.files.finish(upload.file!, end);
  return upload.file!;
}

async function chosenParts(request: OssRequest, shelf: Shelf, uploadId: string): Promise<Part[]> {
  const document = await readDocument(request);
  const isAll = request.headers.get('x-oss-complete-all')?.toLowerCase() === 'yes';
  if (isAll && document.trim() !== '')
    throw new OssError('InvalidArgument', 'x-oss-complete-all goes with an empty body.');
  const listed = isAll ? shelf.uploads.parts(uploadId) : listedParts(document, shelf, uploadId);
  if (listed.length === 0) throw new OssError('MalformedXML', 'The XML you provided names no part.');
  const small = listed.slice(0, -1).find((part) => part.size < MIN_PART_BYTES);
  if (small)
    throw new OssError('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size.', {
      PartNumber: String(small.number),
      ProposedSize: String(small.size),
      MinSizeAllowed: String(MIN_PART_BYTES),
    });
  return listed;
}

function listedParts(document: string, shelf: Shelf, uploadId: string): Part[] {
  const stored = new Map(shelf.uploads.parts(uploadId).map((part) => [part.number, part]));
  let before = 0;
  return elementsOf(document, 'Part').map((element) => {
    const number = Number(elementsOf(element, 'PartNumber')[0]);
    const etag = unescapeXml(elementsOf(element, 'ETag')[0] ?? '')
      .replaceAll('"', '')
      .trim();
    if (!Number.isInteger(number)) throw new OssError('MalformedXML', 'A Part of the XML has no PartNumber.');
    if (number <= before)
      throw new OssError('InvalidPartOrder', 'The list of parts was not in ascending order.', {
        PartNumber: String(number),
      });
    before = number;
    const part = stored.get(number);
    if (!part || part.etag !== etag.toUpperCase())
      throw new OssError(
        'InvalidPart',
        'One or more of the specified parts could not be found or did not match.',
        {
          PartNumber: String(number),
          ETag: etag,
        },
      );
    return part;
  });
}
