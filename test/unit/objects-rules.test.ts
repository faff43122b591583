import { describe, expect, test } from 'bun:test';
import type { StoredObject } from '../../src/local/objects/index/objects.ts';
import { checkBucketName, checkKey } from '../../src/local/objects/names.ts';
import { checkCopyConditions, checkReadConditions } from '../../src/local/objects/operations/conditions.ts';
import { selectRange } from '../../src/local/objects/operations/range.ts';
import { storedHeaders } from '../../src/local/objects/operations/stored-headers.ts';
import { readOssRequest } from '../../src/local/objects/request.ts';
import { elementsOf, unescapeXml, xmlDocument } from '../../src/local/objects/xml.ts';

const codeOf = (act: () => unknown): string => {
  try {
    act();
    return 'ok';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('ranges of an object of 1000 bytes', () => {
  const cases: [string, string, string | undefined][] = [
    ['bytes=0-9', '', '0-10'],
    ['bytes=990-', '', '990-1000'],
    ['bytes=-5', '', '995-1000'],
    ['bytes=0-999', '', '0-1000'],
    ['bytes=500-2000', '', undefined],
    ['bytes=500-2000', 'standard', '500-1000'],
    ['bytes=2000-', '', undefined],
    ['bytes=2000-', 'standard', 'InvalidRange'],
    ['bytes=-0', 'standard', 'InvalidRange'],
    ['bytes=-2000', '', '0-1000'],
    ['bytes=9-5', 'standard', undefined],
    ['bytes=1-2,4-5', '', undefined],
    ['lines=1-2', '', undefined],
    ['bytes=-', '', undefined],
  ];
  test.each(cases)('%s %s selects %s', (range, behavior, expected) => {
    const headers = new Headers({ range, 'x-oss-range-behavior': behavior });
    if (expected === 'InvalidRange')
      return expect(codeOf(() => selectRange(headers, 1000))).toBe('InvalidRange');
    const selected = selectRange(headers, 1000);
    expect(selected && `${selected.start}-${selected.end}`).toBe(expected);
  });
});

describe('conditions', () => {
  const modifiedMs = Date.parse('2026-01-02T03:04:05.678Z');
  const object = { etag: 'ABC', modifiedMs } as StoredObject;
  const at = 'Fri, 02 Jan 2026 03:04:05 GMT';
  const earlier = 'Fri, 02 Jan 2026 03:04:04 GMT';
  const cases: [Record<string, string>, string][] = [
    [{}, 'ok'],
    [{ 'if-match': '"ABC"' }, 'ok'],
    [{ 'if-match': '"abc", "x"' }, 'ok'],
    [{ 'if-match': '*' }, 'ok'],
    [{ 'if-match': '"X"' }, 'PreconditionFailed'],
    [{ 'if-none-match': '"ABC"' }, 'NotModified'],
    [{ 'if-none-match': '"X"' }, 'ok'],
    [{ 'if-modified-since': at }, 'NotModified'],
    [{ 'if-modified-since': earlier }, 'ok'],
    [{ 'if-unmodified-since': at }, 'ok'],
    [{ 'if-unmodified-since': earlier }, 'PreconditionFailed'],
    [{ 'if-none-match': '"X"', 'if-modified-since': at }, 'ok'],
    [{ 'if-modified-since': 'rubbish' }, 'ok'],
  ];
  test.each(cases)('%j gives %s', (headers, expected) => {
    expect(codeOf(() => checkReadConditions(new Headers(headers), object))).toBe(expected);
    const onSource = Object.entries(headers).map(([name, value]): [string, string] => [
      `x-oss-copy-source-${name}`,
      value,
    ]);
    expect(codeOf(() => checkCopyConditions(new Headers(onSource), object))).toBe(expected);
    expect(codeOf(() => checkReadConditions(new Headers(onSource), object))).toBe('ok');
  });
});

describe('addresses', () => {
  const read = (host: string, path: string) => {
    const { bucket, key } = readOssRequest(new Request(`http://${host}${path}`, { headers: { host } }));
    return `${bucket}|${key}`;
  };
  test.each([
    ['127.0.0.1:18501', '/bucket/a/b', 'bucket|a/b'],
    ['127.0.0.1:18501', '/bucket/', 'bucket|'],
    ['127.0.0.1:18501', '/bucket', 'bucket|'],
    ['127.0.0.1', '/', '|'],
    ['localhost:1', '/bucket/%E4%B8%AD+%2B%20', 'bucket|中++ '],
    ['bucket.localhost:1', '/a', 'bucket|a'],
    ['bucket.oss-local.aliyuncs.com', '/a/b?x=/', 'bucket|a/b'],
    ['oss-local.aliyuncs.com', '/bucket/a', 'bucket|a'],
    ['undefined.oss-local.aliyuncs.com', '/', '|'],
    ['[::1]:18501', '/bucket/a', 'bucket|a'],
  ])('%s %s means %s', (host, path, expected) => {
    expect(read(host, path)).toBe(expected);
  });
  test('a name that is not UTF-8 is refused', () => {
    expect(codeOf(() => read('127.0.0.1', '/bucket/%FF'))).toBe('InvalidObjectName');
  });
});

test('bucket names', () => {
  for (const name of ['abc', 'eas-model-local', '0-9'])
    expect(codeOf(() => checkBucketName(name))).toBe('ok');
  for (const name of ['ab', '-abc', 'abc-', 'Abc', 'a_c', 'a'.repeat(64)])
    expect(codeOf(() => checkBucketName(name))).toBe('InvalidBucketName');
});

test('keys', () => {
  for (const key of ['a', '中'.repeat(341), '..', 'a/../b', ' '])
    expect(codeOf(() => checkKey(key))).toBe('ok');
  for (const key of ['/a', '\\a', '中'.repeat(342)])
    expect(codeOf(() => checkKey(key))).toBe('InvalidObjectName');
});

test('headers kept with an object, and those refused', () => {
  const kept = storedHeaders(
    new Headers({
      'content-type': 'a/b',
      'x-oss-meta-k': 'v',
      'x-oss-date': 'now',
      host: 'h',
      'x-oss-object-acl': 'private',
    }),
  );
  expect(kept).toEqual({ 'content-type': 'a/b', 'x-oss-meta-k': 'v' });
  for (const header of [
    'x-oss-object-acl',
    'x-oss-storage-class',
    'x-oss-server-side-encryption',
    'x-oss-callback',
  ])
    expect(codeOf(() => storedHeaders(new Headers({ [header]: 'other' })))).toBe('NotImplemented');
});

test('XML goes out escaped and comes back', () => {
  const nasty = `<a>&"'中 `;
  const document = xmlDocument('Root', { Key: nasty, Gone: undefined, Item: [1, 2], Tree: { Leaf: true } });
  expect(unescapeXml(elementsOf(document, 'Key')[0]!)).toBe(nasty);
  expect(elementsOf(document, 'Item')).toEqual(['1', '2']);
  expect(document).not.toContain('Gone');
  expect(unescapeXml('&#20013;&#x4e2d;&amp;amp;')).toBe('中中&amp;');
});
