import { afterEach, describe, expect, test } from 'bun:test';
import {
  createPredictClient,
  type PredictClientOptions,
  type PredictRequest,
} from '../../src/cloud/predict/client.ts';
import { EasError } from '../../src/core/errors.ts';
import { makeCertificate } from '../support/certificate.ts';
import { startProxy } from '../support/proxy.ts';
import { startRaw } from '../support/raw-server.ts';
import { record } from '../support/recorder.ts';

const stops: (() => unknown)[] = [];
const until = <T extends { stop(): void }>(thing: T): T => {
  stops.push(() => thing.stop());
  return thing;
};
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

function client(options: PredictClientOptions = {}) {
  const made = createPredictClient(options);
  stops.unshift(() => made.close());
  return made;
}

async function failure(promise: Promise<unknown>): Promise<EasError> {
  const error = await promise.then(
    () => undefined,
    (thrown) => thrown,
  );
  if (error instanceof EasError) return error;
  throw error ?? new Error('nothing was thrown');
}

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

describe('a prediction', () => {
  // proves: predict (wire, recorder)
  test('sends the token verbatim and the body untouched, and hands the answer on', async () => {
    const answer = new Uint8Array([0, 255, 10, 13]);
    const server = until(record(() => new Response(answer, { headers: { 'x-a': '1' } })));
    const result = await client().predict({
      url: `${server.url}/api/predict/echo/sub?x=1`,
      token: 'TOKEN==',
      body: 'hi',
    });
    expect(server.requests).toEqual([
      expect.objectContaining({ method: 'POST', target: '/api/predict/echo/sub?x=1', body: 'hi' }),
    ]);
    expect(server.requests[0]!.headers).toMatchObject({
      authorization: 'TOKEN==',
      'content-type': 'application/octet-stream',
      'content-length': '2',
    });
    expect(result).toMatchObject({ status: 200, headers: { 'x-a': '1' }, body: answer });
    expect(result.latencyMs).toBeGreaterThan(0);
  });

  test('to a public service carries no Authorization; a content type can be chosen', async () => {
    const server = until(record(() => new Response()));
    await client().predict({
      url: `${server.url}/api/predict/e`,
      token: '',
      body: '[]',
      contentType: 'application/json',
    });
    expect(server.requests[0]!.headers.authorization).toBeUndefined();
    expect(server.requests[0]!.headers['content-type']).toBe('application/json');
  });

  test('by GET has no body', async () => {
    const server = until(record(() => new Response('{}')));
    await client().predict({ url: server.url, body: 'x', method: 'GET' });
    expect(server.requests[0]).toMatchObject({ method: 'GET', body: '' });
  });

  test.each([400, 401, 404, 429, 450, 503])('status %d is a result, not an exception', async (status) => {
    const server = until(record(() => new Response('why', { status })));
    const result = await client().predict({ url: server.url, body: '' });
    expect([result.status, text(result.body)]).toEqual([status, 'why']);
    expect(server.requests).toHaveLength(1);
  });

  test('many share a few kept connections', async () => {
    let connections = 0;
    const server = until(
      await startRaw((socket) => {
        connections++;
        const respond = () => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
        respond();
        socket.on('data', respond);
      }),
    );
    const predict = client({ connections: 2 });
    const all = Array.from({ length: 20 }, () =>
      predict.predict({ url: server.url, body: 'x', method: 'GET' }),
    );
    const statuses = (await Promise.all(all)).map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(connections).toBeLessThanOrEqual(2);
  });
});

describe('no answer', () => {
  const predict = (request: Partial<PredictRequest>, options?: PredictClientOptions) =>
    failure(client(options).predict({ url: '', body: 'x', ...request }));

  test('in time', async () => {
    const server = until(await startRaw(() => {}));
    const error = await predict({ url: `${server.url}/api/predict/e`, timeoutMs: 60 });
    expect(error.code).toBe('Timeout');
    expect(error.message).toBe(`no whole answer from ${server.url}/api/predict/e within 60 ms`);
  });

  test('in time, after its beginning', async () => {
    const server = until(
      await startRaw((socket) => void socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nha')),
    );
    expect((await predict({ url: server.url, timeoutMs: 60 })).code).toBe('Timeout');
  });

  test('because the connection was dropped; it is not sent again', async () => {
    const server = until(await startRaw((socket) => socket.resetAndDestroy()));
    expect((await predict({ url: server.url })).code).toBe('ConnectionReset');
    expect(server.connections).toBe(1);
  });

  test('because the answer was cut', async () => {
    const server = until(
      await startRaw((socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nha')),
    );
    expect((await predict({ url: server.url })).code).toBe('ConnectionReset');
  });

  test('because nothing listens', async () => {
    const server = await startRaw(() => {});
    server.stop();
    expect((await predict({ url: server.url })).code).toBe('ConnectionRefused');
  });

  test('because the caller left', async () => {
    const controller = new AbortController();
    const server = until(await startRaw(() => controller.abort(new Error('Ctrl-C'))));
    const left = client().predict({ url: server.url, body: '', signal: controller.signal });
    await expect(left).rejects.toThrow('Ctrl-C');
  });

  test('because it is no address', async () => {
    expect(await predict({ url: 'ftp://x' })).toMatchObject({ code: 'InvalidUrl', exit: 2 });
  });
});

describe('through a proxy', () => {
  test('http by absolute address, with its password', async () => {
    const server = until(record(() => new Response('ok')));
    const proxy = until(await startProxy());
    const url = `${server.url.replace('127.0.0.1', 'eas.test')}/api/predict/e`;
    const network = { httpProxy: proxy.url.replace('//', '//me:pw@') };
    expect(text((await client({ network }).predict({ url, body: 'x' })).body)).toBe('ok');
    expect(proxy.lines).toEqual([`POST ${url}`]);
    expect(proxy.authorizations).toEqual([`Basic ${btoa('me:pw')}`]);
  });

  const certificate = makeCertificate();
  test.skipIf(!certificate)('https by CONNECT, with a custom CA', async () => {
    const server = until(record(() => new Response('ok'), certificate));
    const proxy = until(await startProxy());
    const url = server.url.replace('127.0.0.1', 'eas.test');
    const network = { httpsProxy: proxy.url, ca: certificate!.cert };
    expect(text((await client({ network }).predict({ url, body: 'x' })).body)).toBe('ok');
    expect(proxy.lines).toEqual([`CONNECT ${new URL(url).host}`]);
    const refused = await failure(client({ network: { httpsProxy: proxy.url } }).predict({ url, body: 'x' }));
    expect(refused.code).toBe('TlsFailed');
  });
});

describe('undici is the real one', () => {
  test('it honours headersTimeout', async () => {
    const { Agent } = await import('undici/index.js');
    const server = until(await startRaw(() => {}));
    const agent = new Agent({ headersTimeout: 50 });
    const request = agent.request({ origin: server.url, path: '/', method: 'GET' });
    await expect(request).rejects.toMatchObject({ code: 'UND_ERR_HEADERS_TIMEOUT' });
    await agent.destroy();
  });

  test('it honours the connections limit', async () => {
    const { Agent } = await import('undici/index.js');
    const server = until(
      await startRaw(
        (socket) =>
          void setTimeout(
            () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n'),
            20,
          ),
      ),
    );
    const agent = new Agent({ connections: 1 });
    let most = 0;
    const sample = setInterval(() => {
      most = Math.max(most, server.open);
    }, 1);
    await Promise.all([1, 2, 3].map(() => agent.request({ origin: server.url, path: '/', method: 'GET' })));
    clearInterval(sample);
    await agent.destroy();
    expect(most).toBe(1);
  });
});
