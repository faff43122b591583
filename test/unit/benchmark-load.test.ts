import { describe, expect, test } from 'bun:test';
import { createHash } from 'node:crypto';
import { statsHeaders, statsPage } from '../../src/core/benchmark/page.ts';
import { readBodies } from '../../src/load/bodies.ts';
import { Pacer } from '../../src/load/pacer.ts';
import { requestsOf } from '../../src/load/request.ts';
import { ResponseReader } from '../../src/load/response.ts';
import { temporaryFolder } from '../support/temporary.ts';

const OK = 'HTTP/1.1 200 OK\r\n';

describe('the end of an answer', () => {
  const answers: [name: string, text: string, status: number, isKept: boolean][] = [
    ['with a length', `${OK}Content-Length: 5\r\n\r\nhello`, 200, true],
    ['without a body', `${OK}content-length: 0\r\n\r\n`, 200, true],
    ['of no content', 'HTTP/1.1 204 No Content\r\n\r\n', 204, true],
    ['in chunks', `${OK}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1;x=y\r\n!\r\n0\r\n\r\n`, 200, true],
    [
      'in chunks with a trailer',
      `${OK}Transfer-Encoding: gzip, chunked\r\n\r\n1\r\na\r\n0\r\nX: y\r\n\r\n`,
      200,
      true,
    ],
    [
      'an error that closes',
      'HTTP/1.1 503 No\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno',
      503,
      false,
    ],
    ['of HTTP/1.0', 'HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok', 200, false],
    ['after a 100', `HTTP/1.1 100 Continue\r\n\r\n${OK}Content-Length: 2\r\n\r\nok`, 200, true],
  ];

  test.each(answers)('%s, in one piece', (_name, text, status, isKept) => {
    const reader = new ResponseReader();
    expect(reader.push(Buffer.from(text))).toBe(true);
    expect([reader.status, reader.isKept]).toEqual([status, isKept]);
  });

  test.each(answers)('%s, byte by byte, twice', (_name, text, status) => {
    const reader = new ResponseReader();
    for (const _round of [1, 2]) {
      reader.reset();
      const bytes = Buffer.from(text);
      const ends = [...bytes].map((_byte, at) => reader.push(bytes.subarray(at, at + 1)));
      expect(ends.indexOf(true)).toBe(bytes.length - 1);
      expect(reader.status).toBe(status);
    }
  });

  test('one without length ends with the connection', () => {
    const reader = new ResponseReader();
    expect(reader.push(Buffer.from(`${OK}\r\nhello`))).toBe(false);
    expect([reader.end(), reader.status, reader.isKept]).toEqual([true, 200, false]);
    const cut = new ResponseReader();
    cut.push(Buffer.from(`${OK}Content-Length: 9\r\n\r\nhello`));
    expect(cut.end()).toBe(false);
  });

  test.each([
    ['another protocol', 'SSH-2.0-x\r\n\r\n'],
    ['a chunk without size', `${OK}Transfer-Encoding: chunked\r\n\r\nzz\r\n`],
    ['a head without end', 'x'.repeat(70_000)],
  ])('%s is refused', (_name, text) => {
    expect(() => new ResponseReader().push(Buffer.from(text))).toThrow();
  });
});

describe('the pace', () => {
  test('is even, whenever it is asked', () => {
    const pacer = new Pacer(100, 1000);
    let taken = 0;
    for (let now = 1000; now <= 3000; now += 7)
      for (let due = pacer.due(now); due > 0; due--) {
        pacer.take();
        taken++;
        expect(taken).toBeLessThanOrEqual(((now - 1000) / 1000) * 100);
      }
    expect(taken).toBe(199);
  });

  test('what a pause held up is not made up for in a burst', () => {
    const pacer = new Pacer(1000, 0);
    expect(pacer.due(60_000)).toBe(100);
    const slow = new Pacer(2, 0);
    expect(slow.due(60_000)).toBe(1);
  });
});

test('a request has the bytes of HTTP/1.1', () => {
  const url = 'http://127.0.0.1:18500/api/predict/echo';
  const [request] = requestsOf({ url, headers: [['Authorization', 'T']] }, [Buffer.from('é')]);
  expect(request!.toString()).toBe(
    'POST /api/predict/echo HTTP/1.1\r\nHost: 127.0.0.1:18500\r\nAuthorization: T\r\nContent-Length: 2\r\n\r\né',
  );
});

test('each file is a body, or each line that is not empty', async () => {
  using folder = temporaryFolder();
  const files = [folder.write('a', 'one\r\ntwo\n\n'), folder.write('b', 'three')];
  const read = async (isMultiLine: boolean) => (await readBodies({ files, isMultiLine })).map(String);
  expect(await read(false)).toEqual(['one\r\ntwo\n\n', 'three']);
  expect(await read(true)).toEqual(['one', 'two', 'three']);
});

describe('the page', () => {
  const nasty = '</script><script>alert(1)</script>';
  const page = statsPage(
    { task: { TaskName: nasty, Status: 'Running', Token: 'secret', Message: nasty } },
    true,
  );

  test('needs nothing from elsewhere', () => {
    expect(page.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|\bsrc=|@import|url\(/);
  });

  test('names can break out of neither title nor state, and no token is in it', () => {
    expect(page.match(/<script/g)).toHaveLength(2);
    expect(page).not.toContain('secret');
    const state = /<script type="application\/json" id="state">(.*)<\/script>/.exec(page)![1]!;
    expect(JSON.parse(state)).toEqual({
      task: { TaskName: nasty, Status: 'Running', Message: nasty },
      isLive: true,
    });
  });

  test('its policy lets its own script run', () => {
    const script = page.slice(page.indexOf("<script>\n'use strict'") + 8, page.lastIndexOf('</script>'));
    const hash = createHash('sha256').update(script).digest('base64');
    expect(statsHeaders()['content-security-policy']).toContain(`script-src 'sha256-${hash}'`);
    new Bun.Transpiler({ loader: 'js' }).transformSync(script);
  });
});
