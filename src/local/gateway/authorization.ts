import { createHmac } from 'node:crypto';
import type { Address } from './address.ts';

const DEFAULT_CONTENT_TYPE = 'application/octet-stream';

/**
 * Whether the request may use a service with this token: plain, `Bearer` and `EAS` forms (serving.md a.3); an
 * empty token needs none. Signed header values are taken verbatim: clocks and MD5 texts of the vendor's SDKs
 * are known to be off (serving.md a.4), so neither is checked.
 */
export function isAuthorized(token: string, method: string, headers: Headers, address: Address): boolean {
  if (token === '') return true;
  const authorization = headers.get('authorization');
  if (authorization === null) return false;
  if (isSameText(authorization, token)) return true;
  if (/^bearer /i.test(authorization)) return isSameText(authorization.slice(7).trim(), token);
  if (!/^eas /i.test(authorization)) return false;
  return isSignedWith(token, authorization.slice(4).trim(), method, headers, address);
}

function isSignedWith(token: string, signature: string, method: string, headers: Headers, address: Address) {
  const contentType = headers.get('content-type') ?? '';
  const types = new Set([contentType, DEFAULT_CONTENT_TYPE]);
  // The Go SDK signs a trailing slash of the service's name that it then leaves out of the URL.
  const resources = new Set([address.target, address.path, `${address.path}/`]);
  const md5 = headers.get('content-md5') ?? '';
  const date = headers.get('date') ?? '';
  for (const type of types) {
    for (const resource of resources) {
      const text = `${method}\n${md5}\n${type}\n${date}\n${resource}`;
      if (isSameText(createHmac('sha1', token).update(text).digest('base64'), signature)) return true;
    }
  }
  return false;
}

/** Takes as long for a near miss as for a far one. */
function isSameText(given: string, expected: string): boolean {
  if (given.length !== expected.length) return false;
  let difference = 0;
  for (let at = 0; at < given.length; at++) difference |= given.charCodeAt(at) ^ expected.charCodeAt(at);
  return difference === 0;
}
