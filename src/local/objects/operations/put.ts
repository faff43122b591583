import { checkKey } from '../names.ts';
import type { Operation } from './operation.ts';
import { emptyReply, quoted } from './reply.ts';
import { isOverwriteForbidden, storedHeaders } from './stored-headers.ts';
import { etagOf, receiveBody } from './upload-body.ts';

/** PutObject. */
export const putObject: Operation = async (request, { shelf }) => {
  const { bucket, key, headers } = request;
  shelf.requireBucket(bucket);
  checkKey(key);
  const kept = storedHeaders(headers);
  const isForbidden = isOverwriteForbidden(headers);
  if (isForbidden) shelf.refuseOverwrite(bucket, key);
  const received = await receiveBody(request, shelf);
  const etag = etagOf(received);
  const crc64 = String(received.crc64);
  const { file, size } = received;
  shelf.publish(
    { bucket, key, file, size, etag, crc64, type: 'Normal', modifiedMs: Date.now(), headers: kept },
    isForbidden,
  );
  return emptyReply(200, {
    etag: quoted(etag),
    'x-oss-hash-crc64ecma': crc64,
    'content-md5': received.md5.toString('base64'),
  });
};
