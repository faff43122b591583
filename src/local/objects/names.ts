import { OssError } from './errors.ts';

const MAX_KEY_BYTES = 1023;

export function checkBucketName(bucket: string): void {
  if (!/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(bucket))
    throw new OssError('InvalidBucketName', 'The specified bucket is not valid.', { BucketName: bucket });
}

/** 1 to 1023 bytes of UTF-8 that begin with neither slash nor backslash. */
export function checkKey(key: string): void {
  if (Buffer.byteLength(key) > MAX_KEY_BYTES || /^[/\\]/.test(key))
    throw new OssError('InvalidObjectName', 'The specified object is not valid.', { ObjectName: key });
}
