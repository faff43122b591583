import type { StoredObject } from '../index/objects.ts';
import { type XmlTree, xmlDocument } from '../xml.ts';

export function xmlReply(root: string, tree: XmlTree, headers: Record<string, string> = {}): Response {
  return new Response(xmlDocument(root, tree), {
    headers: { 'content-type': 'application/xml', ...headers },
  });
}

export function emptyReply(status: number, headers: Record<string, string> = {}): Response {
  return new Response(null, {
    status,
    headers: status === 204 ? headers : { 'content-length': '0', ...headers },
  });
}

export const quoted = (etag: string) => `"${etag}"`;

/** Times in XML: ISO 8601 with milliseconds, in UTC. */
export const isoTime = (ms: number) => new Date(ms).toISOString();
/** Times in headers: RFC 1123, whole seconds. */
export const httpTime = (ms: number) => new Date(ms).toUTCString();

/** Headers that HEAD and GET share. */
export function objectHeaders(object: StoredObject): Record<string, string> {
  return {
    'content-type': 'application/octet-stream',
    ...object.headers,
    etag: quoted(object.etag),
    'last-modified': httpTime(object.modifiedMs),
    'accept-ranges': 'bytes',
    'x-oss-object-type': object.type,
    'x-oss-storage-class': 'Standard',
    'x-oss-hash-crc64ecma': object.crc64,
  };
}

export const OWNER: XmlTree = { ID: 'local', DisplayName: 'local' };
