import { createHmac, timingSafeEqual } from 'node:crypto';

/** What the check of a token needs of a request, header texts verbatim. */
export interface TokenedRequest {
  method: string;
  /** Path and query as sent. */
  target: string;
  header(name: string): string | null;
}

/**
 * The accepted forms of serving.md a.3: the token itself, `Bearer <token>`, the `EAS` signature of a.4, and
 * nothing for a public service. Neither clock skew nor a wrong Content-MD5 is a reason to refuse: official SDKs
 * send both.
 */
export function isAuthorized(token: string, request: TokenedRequest): boolean {
  if (token === '') return true;
  const given = request.header('authorization')?.trim();
  if (!given) return false;
  if (sameText(given, token)) return true;
  if (/^bearer\s/i.test(given)) return sameText(given.slice(7).trim(), token);
  if (/^eas\s/i.test(given)) return isSigned(given.slice(4).trim(), token, request);
  return false;
}

/** Base64 of the HMAC-SHA1 that serving.md a.4 describes. */
export function easSignature(
  token: string,
  parts: { method: string; md5: string; contentType: string; date: string; resource: string },
): string {
  const text = [parts.method, parts.md5, parts.contentType, parts.date, parts.resource].join('\n');
  return createHmac('sha1', token).update(text).digest('base64');
}

function isSigned(signature: string, token: string, request: TokenedRequest): boolean {
  const path = request.target.split('?', 1)[0]!;
  const contentType = request.header('content-type') ?? '';
  const fixed = {
    method: request.method,
    md5: request.header('content-md5') ?? '',
    date: request.header('date') ?? '',
  };
  // The Go SDK signs a trailing slash that it then leaves out, and lets the Content-Type change after signing.
  const resources = new Set([request.target, path, `${path}/`]);
  const contentTypes = new Set([contentType, 'application/octet-stream']);
  for (const resource of resources) {
    for (const type of contentTypes) {
      if (sameText(signature, easSignature(token, { ...fixed, contentType: type, resource }))) return true;
    }
  }
  return false;
}

function sameText(given: string, expected: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(expected);
  return a.byteLength === b.byteLength && timingSafeEqual(a, b);
}
