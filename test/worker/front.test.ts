import { describe, expect, setDefaultTimeout, test } from 'bun:test';
import { easSignature } from '../../src/worker/front/token.ts';
import { misses } from '../support/needs.ts';
import { PYTHON_APP } from './apps.ts';
import { pythonHost } from './host.ts';

setDefaultTimeout(90_000);
const noPython = misses('python3');
const request = (body: string, length = body.length) =>
  `POST /api/predict/svc HTTP/1.1\r\nHost: x\r\nContent-Length: ${length}\r\n\r\n${body}`;

describe.skipIf(noPython)('the front', () => {
  test('five run, 64 wait, and the 70th gets 450 on a connection that closes', async () => {
    const host = pythonHost(PYTHON_APP, { limits: { keepaliveMs: 60_000 } });
    await host.event('ready');
    const running = Array.from({ length: 5 }, () => host.text('sleep:4'));
    await host.has('in_flight', 5);
    const waiting = Array.from({ length: 64 }, () => host.text('x'));
    await host.has('queued', 64);
    const answer = await host.raw(request('late'));
    expect(answer).toStartWith('HTTP/1.1 450 ');
    const answers = await Promise.all([...running, ...waiting]);
    expect(answers.filter(([status]) => status === 200)).toHaveLength(69);
    const metrics = host.events.filter((event) => event.type === 'metrics');
    expect(Math.max(...metrics.map(({ queued }) => queued))).toBe(64);
  });

  test('408 closes the connection: over an endless loop, a slow upload, and in the queue', async () => {
    const host = pythonHost(PYTHON_APP, { env: { THREADS: '1' }, limits: { keepaliveMs: 400 } });
    await host.event('ready');
    expect(await host.raw(request('sends less', 100))).toStartWith('HTTP/1.1 408 ');
    const [running, waiting] = await Promise.all([host.raw(request('loop')), host.raw(request('waits'))]);
    expect(running).toStartWith('HTTP/1.1 408 ');
    expect(waiting).toStartWith('HTTP/1.1 408 ');
    expect(host.log()).toContain('1 request over rpc.keepalive (400 ms): answered 408\n');
  });

  test('503 until the model is loaded, and not a moment of blocking', async () => {
    const host = pythonHost(PYTHON_APP.replace('print("loading the model", flush=True)', 'time.sleep(1.5)'));
    expect(await host.text('early')).toEqual([503, 'no healthy upstream']);
    expect((await fetch(await host.url('/api/builtin/ping'))).status).toBe(503);
    await host.event('ready');
    expect(await host.text('now')).toEqual([200, 'now']);
    expect((await fetch(await host.url('/api/builtin/ping'))).status).toBe(200);
    expect((await fetch(await host.url('/api/builtin/nothing'))).status).toBe(404);
  });

  test('GET and any path reach the processor; bodies and types are untouched', async () => {
    const host = pythonHost(PYTHON_APP);
    await host.event('ready');
    for (const path of ['/', '/api/predict/svc', '/api/predict/svc/a/b?c=d', '/test']) {
      const response = await fetch(await host.url(path));
      expect([response.status, await response.text()]).toEqual([200, '']);
      expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    }
    const bytes = crypto.getRandomValues(new Uint8Array(70_000));
    const response = await host.post(bytes, { 'content-encoding': 'gzip', 'content-type': '' });
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes);
    expect(
      await host.raw('POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi'),
    ).toEndWith('hi');
  });

  test('100 MB go through, there and back', async () => {
    const host = pythonHost(PYTHON_APP, { limits: { keepaliveMs: 60_000 } });
    await host.event('ready');
    const body = new Uint8Array(100 * 1024 * 1024);
    for (let at = 0; at < body.byteLength; at += 4096) body[at] = at >>> 12;
    const answer = new Uint8Array(await (await host.post(body)).arrayBuffer());
    expect(Bun.hash(answer)).toBe(Bun.hash(body));
  });

  test('the token in its three forms, and nothing else', async () => {
    const token = 'YTBiMWMyZDNlNGY1YTZiN2M4ZDllMGYxYTJiM2M0ZDVlNmY3YTBiMQ==';
    const host = pythonHost(PYTHON_APP, { token });
    await host.event('ready');
    const status = async (headers: Record<string, string>) => (await host.post('x', headers)).status;
    const date = 'Sat, 01 Jan 2000 00:00:00 GMT';
    const parts = { method: 'POST', md5: 'abc', contentType: 'application/octet-stream', date };
    const signature = easSignature(token, { ...parts, resource: '/api/predict/svc' });
    const signed = {
      date,
      'content-md5': 'abc',
      'content-type': 'text/x',
      authorization: `EAS ${signature}`,
    };
    expect(await status({ authorization: token })).toBe(200);
    expect(await status({ authorization: `Bearer ${token}` })).toBe(200);
    expect(await status(signed)).toBe(200);
    expect(await status({ ...signed, date: 'another' })).toBe(401);
    expect(await status({ authorization: `${token}x` })).toBe(401);
    expect(await status({})).toBe(401);
    expect((await fetch(await host.url('/api/builtin/prop'))).status).toBe(401);
  });

  test('the rate limit answers 429', async () => {
    const host = pythonHost(PYTHON_APP, { limits: { rateLimit: 3 } });
    await host.event('ready');
    const answers = await Promise.all(Array.from({ length: 12 }, () => host.text('x')));
    const counts = [200, 429].map((wanted) => answers.filter(([status]) => status === wanted).length);
    expect(counts[0]).toBeGreaterThanOrEqual(3);
    expect(counts[1]).toBeGreaterThanOrEqual(1);
    expect(counts[0]! + counts[1]!).toBe(12);
  });

  test('a processor may change limits and headers while it runs', async () => {
    const host = pythonHost(PYTHON_APP, {
      limits: { keepaliveMs: 1500 },
      properties: { 'rpc.keepalive': '1500' },
    });
    await host.event('ready');
    expect((await host.text('sleep:2'))[0]).toBe(408);
    expect(await host.text('put:rpc.keepalive=60000')).toEqual([200, 'put']);
    expect(await host.text('sleep:2')).toEqual([200, 'slept']);
    await host.text('put:rpc.http.default_headers={"Content-Type": "application/json", "X-A": "b; c"}');
    const { headers } = await host.post('x');
    expect([headers.get('content-type'), headers.get('x-a')]).toEqual(['application/json', 'b; c']);
  });

  test('a caller that goes away leaves the queue', async () => {
    const host = pythonHost(PYTHON_APP, {
      env: { THREADS: '1' },
      limits: { maxQueueSize: 1, keepaliveMs: 60_000 },
    });
    await host.event('ready');
    const first = host.text('sleep:3');
    await host.has('in_flight', 1);
    const abort = new AbortController();
    const gone = fetch(await host.url(), { method: 'POST', body: 'gone', signal: abort.signal }).catch(
      () => 'gone',
    );
    await host.has('queued', 1);
    expect((await host.text('full'))[0]).toBe(450);
    abort.abort();
    expect(await gone).toBe('gone');
    await host.has('queued', 0);
    expect(await host.text('fits')).toEqual([200, 'fits']);
    expect(await first).toEqual([200, 'slept']);
  });
});
