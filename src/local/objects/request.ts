import { requestTarget, splitTarget } from '../signature/target.ts';
import { OssError } from './errors.ts';

/** One request to the object store, addressed and parsed but not yet trusted. */
export interface OssRequest {
  method: string;
  /** Empty for requests to the service itself. */
  bucket: string;
  /** Decoded; empty for requests to a bucket. */
  key: string;
  query: ReadonlyMap<string, string>;
  headers: Headers;
  body: ReadableStream<Uint8Array> | null;
}

/**
 * Reads where a request goes: `<bucket>.<endpoint>/<key>` when the Host header names a bucket, else
 * `/<bucket>/<key>`. ali-oss sends the first form in the Host header even to an IP address.
 */
export function readOssRequest(request: Request): OssRequest {
  const { path, query } = splitTarget(requestTarget(request));
  const host = (request.headers.get('host') ?? '').replace(/:\d+$/, '');
  const inHost = bucketOfHost(host);
  const rest = decodePath(path.slice(1));
  const slash = rest.indexOf('/');
  const bucket = inHost ?? (slash < 0 ? rest : rest.slice(0, slash));
  const key = inHost !== undefined ? rest : slash < 0 ? '' : rest.slice(slash + 1);
  return {
    method: request.method,
    bucket,
    key,
    query: new Map([...query].map(([name, values]) => [name, values[0]!])),
    headers: request.headers,
    body: request.body as ReadableStream<Uint8Array> | null,
  };
}

/** 24 upper-case hexadecimal digits, the form of OSS's own request ids. */
export function newRequestId(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(12)))
    .toString('hex')
    .toUpperCase();
}

/**
 * `undefined` means path style: an IP address, a single label, or the endpoint's own name. ali-oss writes
 * `undefined.<endpoint>` for requests without a bucket.
 */
function bucketOfHost(host: string): string | undefined {
  const labels = host.split('.');
  const first = labels[0]!.toLowerCase();
  const isAddress = /^[\d.]+$/.test(host) || host.startsWith('[');
  if (isAddress || labels.length < 2 || /^oss(-|$)/.test(first)) return undefined;
  return first === 'undefined' ? '' : first;
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new OssError('InvalidObjectName', 'The specified object is not valid: its name is not UTF-8.');
  }
}
