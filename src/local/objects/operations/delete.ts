import { createHash } from 'node:crypto';
import { OssError } from '../errors.ts';
import { elementsOf, unescapeXml } from '../xml.ts';
import { urlEncoder } from './listing.ts';
import type { Operation } from './operation.ts';
import { emptyReply, xmlReply } from './reply.ts';
import { readDocument } from './upload-body.ts';

const MAX_KEYS = 1000;

/** DeleteObject: 204 whether or not the key exists. */
export const deleteObject: Operation = ({ bucket, key }, { shelf }) => {
  shelf.requireBucket(bucket);
  shelf.removeObject(bucket, key);
  return emptyReply(204);
};

/** DeleteMultipleObjects: at most 1000 keys; `<Quiet>true</Quiet>` keeps the answer empty. */
export const deleteObjects: Operation = async (request, { shelf }) => {
  shelf.requireBucket(request.bucket);
  const document = await readDocument(request);
  const md5 = request.headers.get('content-md5');
  if (md5 !== null && md5 !== createHash('md5').update(document).digest('base64'))
    throw new OssError('InvalidDigest', 'The Content-MD5 you specified did not match what we received.');
  const keys = elementsOf(document, 'Object').map((object) =>
    unescapeXml(elementsOf(object, 'Key')[0] ?? ''),
  );
  if (keys.length === 0 || keys.length > MAX_KEYS || keys.includes(''))
    throw new OssError('MalformedXML', `The XML you provided does not name 1 to ${MAX_KEYS} objects.`);
  for (const key of keys) shelf.removeObject(request.bucket, key);
  if (elementsOf(document, 'Quiet')[0] === 'true') return emptyReply(200);
  const encode = urlEncoder(request);
  return xmlReply('DeleteResult', {
    EncodingType: request.query.get('encoding-type'),
    Deleted: keys.map((key) => ({ Key: encode(key) })),
  });
};
