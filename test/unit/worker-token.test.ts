import { describe, expect, test } from 'bun:test';
import { replyHeaders } from '../../src/worker/front/headers.ts';
import { isAuthorized } from '../../src/worker/front/token.ts';

const token = 'YTBiMWMyZDNlNGY1YTZiN2M4ZDllMGYxYTJiM2M0ZDVlNmY3YTBiMQ==';
const date = 'Sun, 22 Nov 2026 16:00:00 GMT';
const md5 = 'a21cafb4c405e6997671a02e578b9b1e';

/** Signatures were computed with Python's hmac from serving.md a.4, not with our own code. */
function ask(target: string, headers: Record<string, string>, method = 'POST', key = token): boolean {
  const found = new Headers(headers);
  return isAuthorized(key, { method, target, header: (name) => found.get(name) });
}

function signed(signature: string, contentType: string, sum = md5): Record<string, string> {
  return { authorization: `EAS ${signature}`, date, 'content-md5': sum, 'content-type': contentType };
}

describe('the EAS signature', () => {
  const python = signed('AuWKsmBMJB/mNH4F+CdregEJCW0=', 'application/octet-stream');

  test('of the Python SDK, also when the query or the Content-Type came later', () => {
    expect(ask('/api/predict/svc', python)).toBe(true);
    expect(ask('/api/predict/svc?a=b', python)).toBe(true);
    expect(ask('/api/predict/svc', { ...python, 'content-type': 'application/json' })).toBe(true);
  });

  test('of the Go SDK, which signs a slash it does not send', () => {
    expect(ask('/api/predict/svc', signed('zVJ8I/7AR5QY6e7JJOULmmQk8zg=', 'application/octet-stream'))).toBe(
      true,
    );
  });

  test('of the Java SDK, with the query signed and a zero of the MD5 dropped', () => {
    const java = signed('eRoGs67Gt+MQ0OeGdo0Qx6j0do4=', 'application/json', md5.slice(1));
    expect(ask('/api/predict/svc/v1?a=b&c=d', java)).toBe(true);
    expect(ask('/api/predict/svc/v1?a=b&c=e', java)).toBe(false);
  });

  test.each([
    ['another path', '/api/predict/other', {}],
    ['another date', '/api/predict/svc', { date: 'Sun, 22 Nov 2026 16:00:01 GMT' }],
    ['another MD5', '/api/predict/svc', { 'content-md5': 'b' }],
    ['another signature', '/api/predict/svc', { authorization: 'EAS AAAA' }],
  ])('is refused for %s', (_, target, change) => {
    expect(ask(target, { ...python, ...change })).toBe(false);
  });

  test('is refused with another method or token', () => {
    expect(ask('/api/predict/svc', python, 'PUT')).toBe(false);
    expect(ask('/api/predict/svc', python, 'POST', 'other')).toBe(false);
  });
});

test.each([
  [token, true],
  [`Bearer ${token}`, true],
  [`bearer  ${token}`, true],
  [` ${token} `, true],
  [`Basic ${token}`, false],
  ['Bearer', false],
  ['', false],
  [token.slice(1), false],
])('Authorization %p: %p', (authorization, allowed) => {
  expect(ask('/x', { authorization })).toBe(allowed);
  expect(ask('/x', { authorization }, 'GET', '')).toBe(true);
});

test.each([
  [undefined, { 'content-type': 'text/html; charset=utf-8' }],
  ['{"Content-Type":"application/json"}', { 'content-type': 'application/json' }],
  ['Content-Type: text/plain; charset=utf-8', { 'content-type': 'text/plain; charset=utf-8' }],
  ['X-A: 1;X-B: 2', { 'content-type': 'text/html; charset=utf-8', 'x-a': '1', 'x-b': '2' }],
  ['{broken', { 'content-type': 'text/html; charset=utf-8' }],
  ['bad name: x', { 'content-type': 'text/html; charset=utf-8' }],
  ['{"X-A":"a\\r\\nSet-Cookie: b"}', { 'content-type': 'text/html; charset=utf-8' }],
])('default headers of %p', (property, headers) => {
  expect(replyHeaders(property)).toEqual(headers as unknown as Record<string, string>);
});
