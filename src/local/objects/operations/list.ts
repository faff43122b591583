import type { StoredObject } from '../index/objects.ts';
import type { OssRequest } from '../request.ts';
import type { XmlTree } from '../xml.ts';
import { listPage, numberParameter, type Page, urlEncoder } from './listing.ts';
import type { Operation } from './operation.ts';
import { isoTime, OWNER, quoted, xmlReply } from './reply.ts';

/** GetBucket (ListObjects). */
export const listObjects: Operation = (request, { shelf }) => {
  const marker = request.query.get('marker') ?? '';
  shelf.requireBucket(request.bucket);
  const { common, page, encode } = read(request, marker, (query) => listPage(shelf.objects, query));
  return xmlReply('ListBucketResult', {
    ...common,
    Marker: encode(marker),
    NextMarker: page.isTruncated ? encode(page.last) : undefined,
    Contents: page.objects.map((object) => ({ ...contents(object, encode), Owner: OWNER })),
    CommonPrefixes: page.commonPrefixes.map((prefix) => ({ Prefix: encode(prefix) })),
  });
};

/** ListObjectsV2 (`list-type=2`). The continuation token is the last key in URL-safe base64. */
export const listObjectsV2: Operation = (request, { shelf }) => {
  const { query } = request;
  const token = query.get('continuation-token');
  const startAfter = query.get('start-after') ?? '';
  const after = token ? Buffer.from(token, 'base64url').toString('utf8') : startAfter;
  shelf.requireBucket(request.bucket);
  const { common, page, encode } = read(request, after, (pageQuery) => listPage(shelf.objects, pageQuery));
  const isOwnerWanted = query.get('fetch-owner') === 'true';
  return xmlReply('ListBucketResult', {
    ...common,
    StartAfter: encode(startAfter),
    ContinuationToken: token,
    NextContinuationToken: page.isTruncated ? Buffer.from(page.last).toString('base64url') : undefined,
    KeyCount: page.objects.length + page.commonPrefixes.length,
    Contents: page.objects.map((object) => ({
      ...contents(object, encode),
      Owner: isOwnerWanted ? OWNER : undefined,
    })),
    CommonPrefixes: page.commonPrefixes.map((prefix) => ({ Prefix: encode(prefix) })),
  });
};

function read(request: OssRequest, after: string, list: (query: Parameters<typeof listPage>[1]) => Page) {
  const { bucket, query } = request;
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const max = numberParameter(request, 'max-keys', 100, 1000);
  const encode = urlEncoder(request);
  const page = list({ bucket, prefix, delimiter, after, max });
  const common: XmlTree = {
    EncodingType: query.get('encoding-type'),
    Name: bucket,
    Prefix: encode(prefix),
    MaxKeys: max,
    Delimiter: encode(delimiter),
    IsTruncated: page.isTruncated,
  };
  return { common, page, encode };
}

function contents(object: StoredObject, encode: (text: string) => string): XmlTree {
  return {
    Key: encode(object.key),
    LastModified: isoTime(object.modifiedMs),
    ETag: quoted(object.etag),
    Type: object.type,
    Size: object.size,
    StorageClass: 'Standard',
  };
}
