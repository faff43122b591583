import { OssError } from '../errors.ts';
import type { StoredObject } from '../index/objects.ts';

interface Names {
  match: string;
  noneMatch: string;
  modifiedSince: string;
  unmodifiedSince: string;
}

const READ: Names = {
  match: 'if-match',
  noneMatch: 'if-none-match',
  modifiedSince: 'if-modified-since',
  unmodifiedSince: 'if-unmodified-since',
};
const COPY: Names = {
  match: 'x-oss-copy-source-if-match',
  noneMatch: 'x-oss-copy-source-if-none-match',
  modifiedSince: 'x-oss-copy-source-if-modified-since',
  unmodifiedSince: 'x-oss-copy-source-if-unmodified-since',
};

/** Conditions of GetObject and HeadObject: 412 when one asks for what is not, 304 when the client's copy is good. */
export function checkReadConditions(headers: Headers, object: StoredObject): void {
  check(headers, object, READ);
}

/** The same conditions on the source of a copy. */
export function checkCopyConditions(headers: Headers, object: StoredObject): void {
  check(headers, object, COPY);
}

function check(headers: Headers, object: StoredObject, names: Names): void {
  const match = headers.get(names.match);
  const noneMatch = headers.get(names.noneMatch);
  const secondMs = Math.floor(object.modifiedMs / 1000) * 1000;
  const unmodifiedSinceMs = Date.parse(headers.get(names.unmodifiedSince) ?? '');
  const modifiedSinceMs = Date.parse(headers.get(names.modifiedSince) ?? '');
  if ((match !== null && !lists(match, object.etag)) || secondMs > unmodifiedSinceMs)
    throw new OssError(
      'PreconditionFailed',
      'At least one of the pre-conditions you specified did not hold.',
      {
        Condition: match !== null ? 'If-Match' : 'If-Unmodified-Since',
      },
    );
  const isUnchanged = noneMatch !== null ? lists(noneMatch, object.etag) : secondMs <= modifiedSinceMs;
  if (isUnchanged) throw new OssError('NotModified', 'Not Modified');
}

function lists(etags: string, etag: string): boolean {
  return etags.split(',').some((item) => {
    const text = item.trim();
    return text === '*' || text.replaceAll('"', '').toUpperCase() === etag;
  });
}
