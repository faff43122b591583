import { OssError } from '../errors.ts';
import { type Received, receive, receiveInto } from '../files/receive.ts';
import type { OssRequest } from '../request.ts';
import type { Shelf } from '../shelf.ts';

/** Most that one PutObject or UploadPart may carry: 5 GiB. */
const MAX_BODY_BYTES = 5 * 1024 ** 3;

/** Content-Length, where it says something. */
export function announcedBytes({ headers }: OssRequest): number | undefined {
  const length = headers.get('content-length');
  return length === null ? undefined : Number(length);
}

/** Receives the body of a request into a data file, or a slot of one, checked against Content-Length and Content-MD5. */
export function receiveBody(
  request: OssRequest,
  shelf: Shelf,
  slot?: { file: string; position: number },
): Promise<Received> {
  const { headers, body } = request;
  const sizeBytes = announcedBytes(request);
  if (sizeBytes === undefined && headers.get('transfer-encoding') === null)
    throw new OssError('MissingContentLength', 'You must provide the Content-Length HTTP header.');
  if (sizeBytes !== undefined && sizeBytes > MAX_BODY_BYTES)
    throw new OssError('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed object size.', {
      ProposedSize: String(sizeBytes),
      MaxSizeAllowed: String(MAX_BODY_BYTES),
    });
  const md5Base64 = headers.get('content-md5') ?? undefined;
  const expectation = { sizeBytes, md5Base64, maxBytes: MAX_BODY_BYTES };
  return slot ? receiveInto(shelf.files, slot, body, expectation) : receive(shelf.files, body, expectation);
}

/** ETag of what arrived in one piece: its MD5 in upper-case hexadecimal. */
export const etagOf = (received: Received) => received.md5.toString('hex').toUpperCase();

const MAX_DOCUMENT_BYTES = 4 * 1024 * 1024;

/** An XML body as text; one beyond 4 MiB is no list of keys or parts. */
export async function readDocument(request: OssRequest): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > MAX_DOCUMENT_BYTES) throw new OssError('MalformedXML', 'The XML you provided is too long.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
