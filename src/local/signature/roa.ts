import { createHash, createHmac } from 'node:crypto';
import { checkClock } from './clock.ts';
import { sameSignature } from './compare.ts';
import { splitTarget } from './target.ts';
import {
  missingParameter,
  refuse,
  type SecretLookup,
  type SignedRequest,
  signatureMismatch,
  unknownAccessKey,
  type Verdict,
} from './verdict.ts';

/**
 * `Authorization: acs <AccessKeyId>:<base64 HMAC-SHA1>`, the form of 2021-era clients (openapi.md 2.1).
 * The body is covered by content-md5 when the client sends one.
 */
export function verifyRoa(request: SignedRequest, lookupSecret: SecretLookup, nowMs: number): Verdict {
  const { headers } = request;
  const parts = /^acs\s+([^\s:]+):([A-Za-z0-9+/]+=*)$/.exec(headers.get('authorization') ?? '');
  if (!parts)
    return refuse('IncompleteSignature', 'The Authorization header is not "acs <AccessKeyId>:<signature>".');
  const accessKeyId = parts[1]!;
  const method = headers.get('x-acs-signature-method') ?? 'HMAC-SHA1';
  if (method !== 'HMAC-SHA1')
    return refuse(
      'IncompleteSignature',
      `x-acs-signature-method ${method} does not go with "acs": use HMAC-SHA1.`,
    );
  const owner = headers.get('x-acs-accesskey-id');
  if (owner !== null && owner !== accessKeyId)
    return refuse(
      'IncompleteSignature',
      'x-acs-accesskey-id is not the AccessKeyId of the Authorization header.',
    );

  const dateName = headers.has('date') ? 'date' : 'x-acs-date';
  const date = headers.get(dateName);
  if (date === null) return missingParameter('Date');

  const secret = lookupSecret(accessKeyId);
  if (secret === undefined) return unknownAccessKey();
  const isSigned = stringsToSign(request).some((text) =>
    sameSignature(parts[2]!, createHmac('sha1', secret).update(text).digest('base64')),
  );
  if (!isSigned) return signatureMismatch();

  const contentMd5 = headers.get('content-md5');
  if (contentMd5 !== null && contentMd5 !== createHash('md5').update(request.body).digest('base64'))
    return refuse('ContentMD5NotMatched', 'The Content-MD5 header does not match the body of the request.');
  return checkClock(dateName, date, nowMs) ?? { ok: true, accessKeyId };
}

/** What clients may have signed: an empty query value stands as `key=` (TypeScript) or as `key` (Go). */
function stringsToSign({ method, target, headers }: SignedRequest): string[] {
  const head = [
    method,
    ...['accept', 'content-md5', 'content-type', 'date'].map((name) => headers.get(name) ?? ''),
  ]
    .map((line) => `${line}\n`)
    .join('');
  const { path, query } = splitTarget(target);
  const resource = (equalsWhenEmpty: string) =>
    [...query.entries()]
      .map(([name, values]) => ({ name, value: values.join(',') }))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map(({ name, value }) => `${name}${value === '' ? equalsWhenEmpty : `=${value}`}`)
      .join('&');
  const common = `${head}${canonicalHeaders(headers)}${path}`;
  if (query.size === 0) return [common];
  return [...new Set([`${common}?${resource('=')}`, `${common}?${resource('')}`])];
}

function canonicalHeaders(headers: Headers): string {
  return [...headers]
    .filter(([name]) => name.startsWith('x-acs-'))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}:${value.replace(/[\t\n\r\f]/g, ' ').trim()}\n`)
    .join('');
}
