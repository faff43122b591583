import { OssError } from '../errors.ts';
import type { StoredHeaders } from '../index/objects.ts';

const KEPT = new Set([
  'content-type',
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'expires',
]);

/** Request headers that would change what is stored, with the values that mean what this store does anyway. */
const WITHOUT_EFFECT: Record<string, RegExp> = {
  'x-oss-object-acl': /^(default|private)$/,
  'x-oss-storage-class': /^Standard$/,
  'x-oss-server-side-encryption': /^$/,
  'x-oss-tagging': /^$/,
  'x-oss-callback': /^$/,
};

/** Headers that stay with an object; refuses those that ask for something this store does not do. */
export function storedHeaders(headers: Headers): StoredHeaders {
  for (const [name, harmless] of Object.entries(WITHOUT_EFFECT)) {
    const value = headers.get(name);
    if (value !== null && !harmless.test(value))
      throw new OssError('NotImplemented', `The local object store does not support ${name}: ${value}.`, {
        Header: name,
      });
  }
  return Object.fromEntries(
    [...headers].filter(([name]) => KEPT.has(name) || name.startsWith('x-oss-meta-')),
  );
}

/** `x-oss-forbid-overwrite: true`. */
export function isOverwriteForbidden(headers: Headers): boolean {
  return headers.get('x-oss-forbid-overwrite') === 'true';
}
