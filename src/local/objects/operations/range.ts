import { OssError } from '../errors.ts';

/** Bytes from `start` up to, not including, `end`. */
export interface ByteRange {
  start: number;
  end: number;
}

/**
 * What a Range header selects; `undefined` means the whole object. As in OSS, a range that does not fit the object has no
 * effect, unless `x-oss-range-behavior: standard` asks for what RFC 9110 says (GetObject, OSS API reference).
 */
export function selectRange(headers: Headers, sizeBytes: number): ByteRange | undefined {
  const parts = /^bytes=(\d*)-(\d*)$/.exec(headers.get('range') ?? '');
  if (!parts || (parts[1] === '' && parts[2] === '')) return undefined;
  const isStandard = headers.get('x-oss-range-behavior') === 'standard';
  const range = boundsOf(parts[1]!, parts[2]!, sizeBytes);
  if (range.start <= range.last && range.last < sizeBytes) return { start: range.start, end: range.last + 1 };
  if (!isStandard || (parts[2] !== '' && parts[1] !== '' && range.last < range.start)) return undefined;
  if (range.start >= sizeBytes)
    throw new OssError('InvalidRange', 'The requested range cannot be satisfied.', {
      ActualObjectSize: String(sizeBytes),
      RangeRequested: headers.get('range') ?? '',
    });
  return { start: range.start, end: sizeBytes };
}

function boundsOf(first: string, last: string, sizeBytes: number): { start: number; last: number } {
  if (first === '') {
    const wanted = Number(last);
    return { start: wanted === 0 ? sizeBytes : Math.max(0, sizeBytes - wanted), last: sizeBytes - 1 };
  }
  return { start: Number(first), last: last === '' ? sizeBytes - 1 : Number(last) };
}
