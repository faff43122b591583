import { describe, expect, test } from 'bun:test';
import { createHash, createHmac } from 'node:crypto';
import { requestTarget, type SignedRequest, verifyApiRequest } from '../../src/local/signature/index.ts';

const SECRETS: Record<string, string> = { testAccessKeyId: 'testAccessKeySecret' };
const lookup = (id: string) => SECRETS[id];
const NOW = Date.parse('2022-01-03T00:00:00Z');
const encoder = new TextEncoder();

type Changes = {
  method?: string;
  target?: string;
  body?: string;
  headers?: Record<string, string | undefined>;
};

function request(base: Required<Changes>, changes: Changes = {}): SignedRequest {
  const headers = Object.entries({ ...base.headers, ...changes.headers }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return {
    method: changes.method ?? base.method,
    target: changes.target ?? base.target,
    headers: new Headers(headers),
    body: encoder.encode(changes.body ?? base.body),
  };
}

const roaHeaders = {
  accept: 'application/json',
  date: 'Mon, 03 Jan 2022 00:00:00 GMT',
  'x-acs-signature-method': 'HMAC-SHA1',
  'x-acs-signature-version': '1.0',
  'x-acs-version': '2021-07-01',
};
const listTarget = '/api/v2/services?PageNumber=1&PageSize=100&Filter=a%20b';
const releaseTarget = '/api/v2/services/cn-shanghai/foo/release';

/** Test vectors A to D of openapi.md section 2. */
const vectorA: Required<Changes> = {
  method: 'GET',
  target: listTarget,
  body: '',
  headers: {
    ...roaHeaders,
    'x-acs-action': 'ListServices',
    'x-acs-signature-nonce': 'nonce-0001',
    authorization: 'acs testAccessKeyId:WZJUjyEkee+AZZqKXRcae86JcZQ=',
  },
};
const vectorB: Required<Changes> = {
  method: 'PUT',
  target: releaseTarget,
  body: '{"Weight":20}',
  headers: {
    ...roaHeaders,
    'content-type': 'application/json; charset=utf-8',
    'x-acs-action': 'ReleaseService',
    'x-acs-signature-nonce': 'nonce-0002',
    authorization: 'acs testAccessKeyId:5lhXfxLbmshHryc0RkX2JGRbg+I=',
  },
};
const acs3Headers = {
  host: 'pai-eas.cn-shanghai.aliyuncs.com',
  accept: 'application/json',
  'x-acs-version': '2021-07-01',
  'x-acs-date': '2022-01-03T00:00:00Z',
};
const vectorC: Required<Changes> = {
  method: 'GET',
  target: listTarget,
  body: '',
  headers: {
    ...acs3Headers,
    'x-acs-action': 'ListServices',
    'x-acs-signature-nonce': 'nonce-0001',
    'x-acs-content-sha256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    authorization:
      'ACS3-HMAC-SHA256 Credential=testAccessKeyId,SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,Signature=1dd12e9704e64b2b46b646930c33a1cf32b261720398166f9ce86e2e0ddbe4bf',
  },
};
const vectorD: Required<Changes> = {
  method: 'PUT',
  target: releaseTarget,
  body: '{"Weight":20}',
  headers: {
    ...acs3Headers,
    'content-type': 'application/json; charset=utf-8',
    'x-acs-action': 'ReleaseService',
    'x-acs-signature-nonce': 'nonce-0002',
    'x-acs-content-sha256': '7cb002ce824489490e1b27df23acc32027981cbfaacb2c426ff58b1ea83e7bcc',
    authorization:
      'ACS3-HMAC-SHA256 Credential=testAccessKeyId,SignedHeaders=content-type;host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,Signature=0daed34b192795b8cd28a8fb2a272fc97a193d73305c42c119be973e9f7f2fbf',
  },
};
const vectors = { A: vectorA, B: vectorB, C: vectorC, D: vectorD };
const names = ['A', 'B', 'C', 'D'] as const;

const verdictOf = (base: Required<Changes>, changes?: Changes, nowMs = NOW) =>
  verifyApiRequest(request(base, changes), lookup, nowMs);
const codeOf = (base: Required<Changes>, changes?: Changes, nowMs?: number) => {
  const verdict = verdictOf(base, changes, nowMs);
  return verdict.ok ? 'ok' : `${verdict.status} ${verdict.code}`;
};

describe('request signatures', () => {
  test.each(names)('test vector %s is accepted', (name) => {
    expect(verdictOf(vectors[name])).toEqual({ ok: true, accessKeyId: 'testAccessKeyId' });
  });

  test.each(names)('vector %s: a changed method, path, query or signed header is refused', (name) => {
    const base = vectors[name];
    const changes: Changes[] = [
      { method: 'DELETE' },
      { target: base.target.replace('services', 'Services') },
      { target: `${base.target}${base.target.includes('?') ? '&' : '?'}More=1` },
      { headers: { 'x-acs-action': 'DeleteService' } },
      { headers: { 'x-acs-signature-nonce': 'another' } },
    ];
    for (const change of changes) expect(codeOf(base, change)).toBe('400 SignatureDoesNotMatch');
  });

  test.each(names)('vector %s: an unknown AccessKeyId is told apart from a wrong secret', (name) => {
    const authorization = vectors[name].headers.authorization!;
    const stranger = { headers: { authorization: authorization.replace('testAccessKeyId', 'stranger') } };
    expect(codeOf(vectors[name], stranger)).toBe('404 InvalidAccessKeyId.NotFound');
    const verdict = verifyApiRequest(request(vectors[name]), () => 'wrongSecret', NOW);
    expect(verdict).toMatchObject({ ok: false, status: 400, code: 'SignatureDoesNotMatch' });
  });

  test.each(names)('vector %s: fifteen minutes either way pass, more does not', (name) => {
    const minute = 60_000;
    expect(codeOf(vectors[name], {}, NOW + 15 * minute)).toBe('ok');
    expect(codeOf(vectors[name], {}, NOW - 15 * minute)).toBe('ok');
    expect(codeOf(vectors[name], {}, NOW + 15 * minute + 1)).toBe('400 InvalidTimeStamp.Expired');
    expect(codeOf(vectors[name], {}, NOW - 15 * minute - 1)).toBe('400 InvalidTimeStamp.Expired');
  });

  test('a request without Authorization lacks a parameter', () => {
    for (const name of names)
      expect(codeOf(vectors[name], { headers: { authorization: undefined } })).toBe('400 MissingParameter');
  });

  test.each([
    'acs testAccessKeyId',
    'acs :c2ln',
    'acs testAccessKeyId:',
    'ACS3-HMAC-SHA256',
    'ACS3-HMAC-SHA256 Credential=testAccessKeyId,Signature=00',
    'ACS3-HMAC-SM3 Credential=testAccessKeyId,SignedHeaders=host,Signature=00',
    'Bearer something',
  ])('Authorization "%s" is incomplete', (authorization) => {
    expect(codeOf(vectorC, { headers: { authorization } })).toBe('400 IncompleteSignature');
  });

  test('a body that is not the signed one is refused', () => {
    expect(codeOf(vectorD, { body: '{"Weight":99}' })).toBe('400 SignatureDoesNotMatch');
  });

  test('a header of the signature that is missing is named', () => {
    expect(codeOf(vectorA, { headers: { date: undefined } })).toBe('400 MissingParameter');
    for (const header of ['x-acs-date', 'x-acs-signature-nonce', 'x-acs-content-sha256', 'host']) {
      const verdict = verdictOf(vectorC, { headers: { [header]: undefined } });
      expect(verdict).toMatchObject({ code: 'MissingParameter', message: expect.stringContaining(header) });
    }
  });

  test('a header that must be signed but is not is refused', () => {
    const authorization = vectorC.headers.authorization!.replace('host;', '');
    expect(codeOf(vectorC, { headers: { authorization } })).toBe('400 IncompleteSignature');
  });
});

describe('the acs form', () => {
  const sign = (text: string) =>
    `acs testAccessKeyId:${createHmac('sha1', 'testAccessKeySecret').update(text).digest('base64')}`;
  const text = (resource: string, md5 = '') =>
    `GET\napplication/json\n${md5}\n\n${roaHeaders.date}\nx-acs-version:2021-07-01\n${resource}`;
  const base = (target: string, authorization: string): Required<Changes> => ({
    method: 'GET',
    target,
    body: '',
    headers: {
      accept: 'application/json',
      date: roaHeaders.date,
      'x-acs-version': '2021-07-01',
      authorization,
    },
  });

  test('an empty value may be signed with or without "="', () => {
    for (const signed of ['/a?Empty=&Name=x', '/a?Empty&Name=x'])
      for (const sent of ['/a?Name=x&Empty=', '/a?Name=x&Empty'])
        expect(codeOf(base(sent, sign(text(signed))))).toBe('ok');
  });

  test('the path is signed as sent, the query decoded', () => {
    const sent = '/api/a%2Fb?q=%E4%B8%AD+%2B%2A~%20%26';
    expect(codeOf(base(sent, sign(text('/api/a%2Fb?q=中 +*~ &'))))).toBe('ok');
  });

  test('a broken percent sequence is a mismatch, not a failure', () => {
    expect(codeOf(base('/a?q=%E4%B8', sign(text('/a?q=other'))))).toBe('400 SignatureDoesNotMatch');
  });

  test('Content-MD5 is checked against the body', () => {
    const md5 = createHash('md5').update('').digest('base64');
    const signed = base('/a', sign(text('/a', md5)));
    expect(codeOf(signed, { headers: { 'content-md5': md5 } })).toBe('ok');
    expect(codeOf(signed, { headers: { 'content-md5': md5 }, body: 'x' })).toBe('400 ContentMD5NotMatched');
  });

  test('a date that cannot be read is refused', () => {
    const signed = base('/a', sign(text('/a').replace(roaHeaders.date, 'yesterday')));
    expect(codeOf(signed, { headers: { date: 'yesterday' } })).toBe('400 InvalidTimeStamp.Format');
  });
});

test('the request target keeps its encoding and query', () => {
  expect(requestTarget({ url: 'http://h:1/a%2Fb/~*?x=a+b&y=%20&z' })).toBe('/a%2Fb/~*?x=a+b&y=%20&z');
  expect(requestTarget({ url: 'http://h:1/' })).toBe('/');
});
