import { OssError } from '../errors.ts';
import { behind, type ObjectIndex, type StoredObject } from '../index/objects.ts';
import type { OssRequest } from '../request.ts';

export interface Page {
  objects: StoredObject[];
  commonPrefixes: string[];
  isTruncated: boolean;
  /** The last key or common prefix of this page: the next one begins behind it. */
  last: string;
}

export interface PageQuery {
  bucket: string;
  prefix: string;
  delimiter: string;
  after: string;
  max: number;
}

/** One page in byte order; keys that share what stands up to the delimiter appear once, as a common prefix. */
export function listPage(index: ObjectIndex, { bucket, prefix, delimiter, after, max }: PageQuery): Page {
  const page: Page = { objects: [], commonPrefixes: [], isTruncated: false, last: after };
  let cursor = endsGroup(after, prefix, delimiter) ? behind(after) : after;
  for (;;) {
    const limit = max - page.objects.length - page.commonPrefixes.length + 1;
    const found = index.range({ bucket, prefix, after: cursor, limit });
    let skipped = false;
    for (const object of found) {
      if (page.objects.length + page.commonPrefixes.length === max) return { ...page, isTruncated: true };
      const at = delimiter === '' ? -1 : object.key.indexOf(delimiter, prefix.length);
      if (at < 0) {
        page.objects.push(object);
        page.last = object.key;
        cursor = object.key;
        continue;
      }
      page.last = object.key.slice(0, at + delimiter.length);
      page.commonPrefixes.push(page.last);
      cursor = behind(page.last);
      skipped = true;
      break;
    }
    if (!skipped && found.length < limit) return page;
  }
}

function endsGroup(marker: string, prefix: string, delimiter: string): boolean {
  return (
    delimiter !== '' &&
    marker.length > prefix.length &&
    marker.startsWith(prefix) &&
    marker.endsWith(delimiter)
  );
}

/** A whole number between 0 (or 1 for sizes of pages) and `max`; `fallback` when the query has none. */
export function numberParameter(request: OssRequest, name: string, fallback: number, max: number): number {
  const text = request.query.get(name);
  if (text === undefined || text === '') return fallback;
  const number = /^\d+$/.test(text) ? Number(text) : -1;
  if (number < 0 || number > max || (number === 0 && name.startsWith('max-')))
    throw new OssError('InvalidArgument', `Argument ${name} must be an integer up to ${max}.`, {
      ArgumentName: name,
      ArgumentValue: text,
    });
  return number;
}

/** How names stand in the answer: as they are, or URL-encoded when the client asks with `encoding-type=url`. */
export function urlEncoder(request: OssRequest): (text: string) => string {
  const encoding = request.query.get('encoding-type');
  if (encoding === undefined || encoding === '') return (text) => text;
  if (encoding !== 'url')
    throw new OssError('InvalidArgument', 'Invalid Encoding Method specified in Request.');
  return encodeURIComponent;
}
