import { usageError } from './errors.ts';

/** Place in the object store; `key` is empty for the bucket itself. */
export interface ObjectUrl {
  bucket: string;
  key: string;
}

export const isObjectUrl = (text: string) => /^oss:\/\//i.test(text);

/** Reads `oss://bucket/key`. EasError (exit 2) naming `from`, the option or argument that held it. */
export function parseObjectUrl(text: string, from: string): ObjectUrl {
  const [, bucket = '', key = ''] = /^oss:\/\/([^/]*)\/?(.*)$/is.exec(text) ?? [];
  if (!isObjectUrl(text))
    throw usageError('InvalidObjectUrl', `${from} "${text}" is not a place in the object store`, EXAMPLE);
  if (!/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(bucket))
    throw usageError('InvalidBucketName', `${from} "${text}" names no valid bucket`, EXAMPLE);
  if (key.startsWith('/') || key.startsWith('\\'))
    throw usageError('InvalidObjectUrl', `${from} "${text}" has a key that begins with a slash`, EXAMPLE);
  return { bucket, key };
}

const EXAMPLE = 'Write it as oss://<bucket>/<path>.';
