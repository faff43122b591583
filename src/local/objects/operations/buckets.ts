import { OssError } from '../errors.ts';
import { checkBucketName } from '../names.ts';
import type { XmlTree } from '../xml.ts';
import type { Context, Operation } from './operation.ts';
import { emptyReply, isoTime, OWNER, xmlReply } from './reply.ts';

/** GetService (ListBuckets), with `prefix`; all buckets in one answer. */
export const listBuckets: Operation = ({ query }, context) => {
  const prefix = query.get('prefix') ?? '';
  const buckets = context.shelf.objects.buckets().filter(({ name }) => name.startsWith(prefix));
  return xmlReply('ListAllMyBucketsResult', {
    Owner: OWNER,
    Buckets: { Bucket: buckets.map((bucket) => bucketTree(bucket, context)) },
  });
};

/** PutBucket; one that exists is fine, it is the caller's own. */
export const putBucket: Operation = ({ bucket }, { shelf, nowMs }) => {
  checkBucketName(bucket);
  shelf.objects.createBucket(bucket, nowMs);
  return emptyReply(200, { location: `/${bucket}` });
};

/** DeleteBucket. */
export const deleteBucket: Operation = ({ bucket }, { shelf }) => {
  shelf.requireBucket(bucket);
  const isUsed = shelf.objects.usage(bucket).objects > 0 || shelf.uploads.uploads(bucket).length > 0;
  if (isUsed)
    throw new OssError('BucketNotEmpty', 'The bucket you tried to delete is not empty.', {
      BucketName: bucket,
    });
  shelf.objects.removeBucket(bucket);
  return emptyReply(204);
};

/** GetBucketInfo. */
export const getBucketInfo: Operation = ({ bucket }, context) =>
  xmlReply('BucketInfo', {
    Bucket: {
      ...bucketTree(context.shelf.requireBucket(bucket), context),
      Owner: OWNER,
      AccessControlList: { Grant: 'private' },
    },
  });

/** GetBucketLocation. */
export const getBucketLocation: Operation = ({ bucket }, { shelf, region }) => {
  shelf.requireBucket(bucket);
  return xmlReply('LocationConstraint', { Location: `oss-${region}` });
};

/** GetBucketAcl. */
export const getBucketAcl: Operation = ({ bucket }, { shelf }) => {
  shelf.requireBucket(bucket);
  return xmlReply('AccessControlPolicy', { Owner: OWNER, AccessControlList: { Grant: 'private' } });
};

/** GetBucketStat. */
export const getBucketStat: Operation = ({ bucket }, { shelf }) => {
  shelf.requireBucket(bucket);
  const { objects, bytes } = shelf.objects.usage(bucket);
  return xmlReply('BucketStat', {
    Storage: bytes,
    ObjectCount: objects,
    MultipartUploadCount: shelf.uploads.uploads(bucket).length,
  });
};

function bucketTree({ name, createdMs }: { name: string; createdMs: number }, { region }: Context): XmlTree {
  return {
    Name: name,
    CreationDate: isoTime(createdMs),
    Location: `oss-${region}`,
    ExtranetEndpoint: `oss-${region}.aliyuncs.com`,
    IntranetEndpoint: `oss-${region}-internal.aliyuncs.com`,
    StorageClass: 'Standard',
  };
}
