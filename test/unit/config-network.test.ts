import { expect, test } from 'bun:test';
import { proxyFor } from '../../src/core/network.ts';
import { closest, editDistance } from '../../src/core/suggest.ts';

const network = { httpProxy: 'http://p:1', httpsProxy: 'http://s:2' };

test.each<[string, string | undefined, string | undefined]>([
  ['http://eas.test/x', undefined, 'http://p:1/'],
  ['https://eas.test/x', undefined, 'http://s:2/'],
  ['https://eas.test/x', 'eas.test', undefined],
  ['https://a.eas.test/x', 'eas.test', undefined],
  ['https://a.eas.test/x', '.eas.test', undefined],
  ['https://a.eas.test/x', '*.eas.test', undefined],
  ['https://noteas.test/x', 'eas.test', 'http://s:2/'],
  ['https://eas.test/x', 'other, EAS.TEST', undefined],
  ['https://eas.test/x', 'eas.test:443', undefined],
  ['https://eas.test/x', 'eas.test:8443', 'http://s:2/'],
  ['https://eas.test/x', '*', undefined],
  ['http://127.0.0.1:18500/', undefined, undefined],
  ['http://localhost:18500/', undefined, undefined],
  ['http://[::1]:18500/', undefined, undefined],
])('%s with NO_PROXY %s goes through %s', (url, noProxy, proxy) => {
  expect(proxyFor(new URL(url), { ...network, noProxy })?.href).toBe(proxy as string);
});

test.each<[string, string | undefined]>([
  ['pmlm', 'pmml'],
  ['PMML', 'pmml'],
  ['blade-cpu', 'blade_cpu'],
  ['xyz', undefined],
])('the closest to %s is %s', (word, expected) => {
  expect(closest(word, ['pmml', 'blade_cpu'])).toBe(expected as string);
});

test.each<[string, string, number]>([
  ['', 'abc', 3],
  ['kitten', 'sitting', 3],
  ['ab', 'ba', 1],
])('the distance from "%s" to "%s" is %d', (a, b, distance) => {
  expect(editDistance(a, b)).toBe(distance);
});
