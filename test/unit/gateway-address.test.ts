import { expect, test } from 'bun:test';
import { parseAddress } from '../../src/local/gateway/address.ts';

test.each([
  ['http://h:1/api/predict/echo', 'echo', '/api/predict/echo', '/api/predict/echo'],
  ['http://h:1/api/predict/echo/', 'echo', '/api/predict/echo/', '/api/predict/echo/'],
  ['http://h/api/predict/echo/a/b?x=/y', 'echo', '/api/predict/echo/a/b', '/api/predict/echo/a/b?x=/y'],
  ['http://h/api/predict/echo?a=1?b', 'echo', '/api/predict/echo', '/api/predict/echo?a=1?b'],
  ['https://h/api/predict/e_1%2F', 'e_1%2F', '/api/predict/e_1%2F', '/api/predict/e_1%2F'],
  ['/api/predict/echo?q', 'echo', '/api/predict/echo', '/api/predict/echo?q'],
])('%s is a call of %s', (url, service, path, target) => {
  expect(parseAddress(url)).toEqual({ service, path, target });
});

test.each([
  ['http://h/'],
  ['http://h'],
  ['http://h/api/predict/'],
  ['http://h/api/predict'],
  ['http://h/api/predict/?q'],
  ['http://h/x/api/predict/echo'],
  ['http://h/api/builtin/ping'],
])('%s is no prediction', (url) => {
  expect(parseAddress(url)).toBeUndefined();
});
