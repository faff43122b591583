import { expect, test } from 'bun:test';
import { parseAddress } from '../../src/local/gateway/address.ts';
import { isAuthorized } from '../../src/local/gateway/authorization.ts';

/**
 * Signatures made with openssl, not with our code:
 * printf 'POST\n<md5>\n<type>\n<date>\n<resource>' | openssl dgst -sha1 -hmac <token> -binary | base64
 */
const token = 'OTI4ZWI5YjU2NDFhZDQ5ODQ0ZmNhZmQ4MDI3ZmQyNTA4ZTE1ZjM2Mw==';
const date = 'Sun, 22 Nov 2026 23:59:01 GMT';
const md5 = '49f68a5c8493ec2c0bf489821c21fc3b';
const plainSignature = '60qWadZ1JHjfHUERJlhlDT/71PA=';
const querySignature = 'F4muEpw/Ox6ohT5mM/aW5IQBi9g=';

const signed = { 'content-md5': md5, 'content-type': 'application/octet-stream', date };
const echo = 'http://h/api/predict/echo/sub';

test.each([
  ['plain', token, echo, { authorization: token }, true],
  ['plain, wrong', token, echo, { authorization: `x${token}` }, false],
  ['plain, cut', token, echo, { authorization: token.slice(0, -1) }, false],
  ['bearer', token, echo, { authorization: `Bearer ${token}` }, true],
  ['bearer in small letters', token, echo, { authorization: `bearer ${token}` }, true],
  ['bearer, wrong', token, echo, { authorization: 'Bearer nonsense' }, false],
  ['nothing', token, echo, {}, false],
  ['empty header', token, echo, { authorization: '' }, false],
  ['public, nothing', '', echo, {}, true],
  ['public, something', '', echo, { authorization: 'EAS whatever' }, true],
  ['signed', token, echo, { ...signed, authorization: `EAS ${plainSignature}` }, true],
  [
    'signed, path only, query sent',
    token,
    `${echo}?a=b%20c`,
    { ...signed, authorization: `EAS ${plainSignature}` },
    true,
  ],
  [
    'signed, with query',
    token,
    `${echo}?a=b%20c`,
    { ...signed, authorization: `EAS ${querySignature}` },
    true,
  ],
  ['signed, query not sent', token, echo, { ...signed, authorization: `EAS ${querySignature}` }, false],
  [
    'signed, type changed later',
    token,
    echo,
    { ...signed, 'content-type': 'text/json', authorization: `EAS ${plainSignature}` },
    true,
  ],
  [
    'signed, other date',
    token,
    echo,
    { ...signed, date: 'x', authorization: `EAS ${plainSignature}` },
    false,
  ],
  [
    'signed, other md5',
    token,
    echo,
    { ...signed, 'content-md5': 'x', authorization: `EAS ${plainSignature}` },
    false,
  ],
  [
    'signed, other service',
    token,
    'http://h/api/predict/other/sub',
    { ...signed, authorization: `EAS ${plainSignature}` },
    false,
  ],
  ['signed, other token', 'other', echo, { ...signed, authorization: `EAS ${plainSignature}` }, false],
] as [string, string, string, Record<string, string>, boolean][])(
  '%s',
  (_, expected, url, headers, isAllowed) => {
    expect(isAuthorized(expected, 'POST', new Headers(headers), parseAddress(url)!)).toBe(isAllowed);
  },
);

test('a signature holds for its method only', () => {
  const headers = new Headers({ ...signed, authorization: `EAS ${plainSignature}` });
  expect(isAuthorized(token, 'GET', headers, parseAddress(echo)!)).toBe(false);
});
