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

const ALGORITHM = 'ACS3-HMAC-SHA256';

/** Headers that carry what a signature has to cover (openapi.md 2.2, verifier). */
const REQUIRED_HEADERS = [
  'host',
  'x-acs-action',
  'x-acs-version',
  'x-acs-date',
  'x-acs-signature-nonce',
  'x-acs-content-sha256',
];

/**
 * `Authorization: ACS3-HMAC-SHA256 Credential=…,SignedHeaders=…,Signature=…` of every current SDK (openapi.md 2.2).
 * The client's own SignedHeaders list is used; the payload hash is computed again from the body.
 */
export function verifyAcs3(request: SignedRequest, lookupSecret: SecretLookup, nowMs: number): Verdict {
  const { headers } = request;
  const fields = authorizationFields(headers.get('authorization') ?? '');
  const accessKeyId = fields.get('Credential');
  const signedHeaders = fields.get('SignedHeaders')?.toLowerCase().split(';');
  const signature = fields.get('Signature');
  if (!accessKeyId || !signedHeaders || !signature)
    return refuse(
      'IncompleteSignature',
      'The Authorization header needs Credential, SignedHeaders and Signature, separated by commas.',
    );
  const absent = [...REQUIRED_HEADERS, ...signedHeaders].find((name) => !headers.has(name));
  if (absent !== undefined) return missingParameter(absent);
  const unsigned = REQUIRED_HEADERS.find((name) => !signedHeaders.includes(name));
  if (unsigned !== undefined)
    return refuse('IncompleteSignature', `The header ${unsigned} is not among the SignedHeaders.`);

  const secret = lookupSecret(accessKeyId);
  if (secret === undefined) return unknownAccessKey();
  const payloadHash = createHash('sha256').update(request.body).digest('hex');
  const canonical = canonicalRequest(request, signedHeaders, payloadHash);
  const stringToSign = `${ALGORITHM}\n${createHash('sha256').update(canonical).digest('hex')}`;
  const isSignedWell =
    sameSignature(signature, createHmac('sha256', secret).update(stringToSign).digest('hex')) &&
    headers.get('x-acs-content-sha256') === payloadHash;
  if (!isSignedWell) return signatureMismatch();
  return checkClock('x-acs-date', headers.get('x-acs-date') ?? '', nowMs) ?? { ok: true, accessKeyId };
}

function authorizationFields(header: string): Map<string, string> {
  const pairs = header.slice(ALGORITHM.length).split(',');
  return new Map(
    pairs.map((pair) => {
      const equals = pair.indexOf('=');
      return [pair.slice(0, equals).trim(), pair.slice(equals + 1).trim()];
    }),
  );
}

function canonicalRequest(request: SignedRequest, signedHeaders: string[], payloadHash: string): string {
  const { path, query } = splitTarget(request.target);
  const uri = path.replaceAll('+', '%20').replaceAll('*', '%2A').replaceAll('%7E', '~');
  const queryString = [...query.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, values]) => `${name}=${encode(values.join(','))}`)
    .join('&');
  const names = [...signedHeaders].sort();
  const headerLines = names.map((name) => `${name}:${(request.headers.get(name) ?? '').trim()}\n`).join('');
  return [request.method, uri, queryString, headerLines, names.join(';'), payloadHash].join('\n');
}

function encode(value: string): string {
  return encodeURIComponent(value).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
