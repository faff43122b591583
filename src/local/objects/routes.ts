import { OssError } from './errors.ts';
import {
  deleteBucket,
  getBucketAcl,
  getBucketInfo,
  getBucketLocation,
  getBucketStat,
  listBuckets,
  putBucket,
} from './operations/buckets.ts';
import { completeUpload } from './operations/complete.ts';
import { copyObject, uploadPartCopy } from './operations/copy.ts';
import { deleteObject, deleteObjects } from './operations/delete.ts';
import { getObject, getObjectMeta, headObject } from './operations/get.ts';
import { listObjects, listObjectsV2 } from './operations/list.ts';
import { abortUpload, initiateUpload, listParts, listUploads, uploadPart } from './operations/multipart.ts';
import { getObjectAcl } from './operations/object-acl.ts';
import type { Operation } from './operations/operation.ts';
import { putObject } from './operations/put.ts';
import type { OssRequest } from './request.ts';

type Table = Record<string, Operation>;

/** Method, then the query name that selects the operation, if any. */
const SERVICE: Table = { GET: listBuckets };
const BUCKET: Table = {
  GET: listObjects,
  'GET list-type': listObjectsV2,
  'GET uploads': listUploads,
  'GET bucketInfo': getBucketInfo,
  'GET location': getBucketLocation,
  'GET acl': getBucketAcl,
  'GET stat': getBucketStat,
  PUT: putBucket,
  DELETE: deleteBucket,
  'POST delete': deleteObjects,
};
const OBJECT: Table = {
  GET: getObject,
  'GET uploadId': listParts,
  'GET acl': getObjectAcl,
  'GET objectMeta': getObjectMeta,
  HEAD: headObject,
  'HEAD objectMeta': getObjectMeta,
  PUT: (request, context) => (isCopy(request) ? copyObject : putObject)(request, context),
  'PUT uploadId': (request, context) => (isCopy(request) ? uploadPartCopy : uploadPart)(request, context),
  DELETE: deleteObject,
  'DELETE uploadId': abortUpload,
  'POST uploads': initiateUpload,
  'POST uploadId': completeUpload,
};

/** Query names that only refine an operation; any other one selects an operation of its own. */
const PLAIN = new Set([
  ...[
    'prefix',
    'delimiter',
    'marker',
    'max-keys',
    'encoding-type',
    'continuation-token',
    'start-after',
    'fetch-owner',
  ],
  ...[
    'key-marker',
    'upload-id-marker',
    'max-uploads',
    'part-number-marker',
    'max-parts',
    'partNumber',
    'sequential',
  ],
  ...['OSSAccessKeyId', 'Expires', 'Signature', 'security-token', 'x-oss-security-token'],
  ...['x-oss-signature-version', 'x-oss-credential', 'x-oss-date', 'x-oss-expires', 'x-oss-signature'],
  ...[
    'x-oss-additional-headers',
    'response-cache-control',
    'response-content-disposition',
    'response-expires',
  ],
  ...['response-content-encoding', 'response-content-language', 'response-content-type'],
]);

const isCopy = ({ headers }: OssRequest) => headers.has('x-oss-copy-source');

/** The operation a request asks for; one that this store lacks is refused by name. */
export function routeOf(request: OssRequest): Operation {
  const { bucket, key, method, query } = request;
  const table = bucket === '' ? SERVICE : key === '' ? BUCKET : OBJECT;
  const selector = [...query.keys()].find((name) => !PLAIN.has(name));
  const operation = table[selector === undefined ? method : `${method} ${selector}`];
  if (operation) return operation;
  if (selector !== undefined)
    throw new OssError(
      'NotImplemented',
      `The local object store does not support ${method} with ?${selector}.`,
      {
        Resource: selector,
      },
    );
  throw new OssError('MethodNotAllowed', 'The specified method is not allowed against this resource.', {
    Method: method,
  });
}
