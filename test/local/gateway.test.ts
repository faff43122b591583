import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { FakeFront, type FakeHandler } from '../support/fake-front.ts';
import { GatewayServer, TOKEN, until } from '../support/gateway-server.ts';

let server: GatewayServer;
let fronts: FakeFront[];

function front(instance: string, handler?: FakeHandler): FakeFront {
  const made = new FakeFront(instance, handler);
  fronts.push(made);
  return made;
}

beforeEach(() => {
  fronts = [];
  server = new GatewayServer();
});

afterEach(() => {
  server.close();
  for (const made of fronts) made.close();
});

describe('what clients see', () => {
  test('body bytes are untouched both ways, with and without a content type', async () => {
    const echo = front('e-1');
    server.route('echo', [echo.backend]);
    const bytes = Uint8Array.from({ length: 1024 }, (_, at) => at & 255);
    const withType: Record<string, string>[] = [{ 'content-type': 'application/json' }, {}];
    for (const headers of withType) {
      const response = await server.call('echo/sub?x=%20y', { body: bytes, headers });
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(await response.bytes()).toEqual(bytes);
    }
    expect(echo.seen.map(({ method, target }) => [method, target])).toEqual([
      ['POST', '/api/predict/echo/sub?x=%20y'],
      ['POST', '/api/predict/echo/sub?x=%20y'],
    ]);
  });

  test('an empty POST and a GET reach the instance with an empty body', async () => {
    const echo = front('e-1', ({ method, body }) => ({ body: `${method} ${body.byteLength}` }));
    server.route('echo', [echo.backend]);
    expect(await (await server.call('echo')).text()).toBe('POST 0');
    expect(await (await server.call('echo', { method: 'GET' })).text()).toBe('GET 0');
  });

  test('the first frame says who the gateway is', async () => {
    const echo = front('e-1');
    server.route('echo', [echo.backend]);
    await server.call('echo');
    expect(echo.hellos).toEqual([{ code: 1, hello: { role: 'gateway', secret: 'secret of e-1' } }]);
  });

  test('an unknown service and other paths are 404 with an empty body', async () => {
    const paths = ['/api/predict/nobody', '/api/predict/', '/api/predict', '/', '/api/builtin/ping'];
    for (const path of paths) {
      const response = await fetch(server.url + path, { method: 'POST', body: 'x' });
      expect([path, response.status, await response.text()]).toEqual([path, 404, '']);
    }
  });

  test('a wrong token is 401 and never reaches the instance; a public service needs none', async () => {
    const echo = front('e-1');
    server.route('echo', [echo.backend]);
    server.route('open', [echo.backend], '');
    const wrong = await server.call('echo', { body: 'x', headers: { authorization: 'wrong' } });
    expect(wrong.status).toBe(401);
    expect(await wrong.text()).not.toContain(TOKEN);
    expect((await server.call('open', { body: 'x', headers: { authorization: '' } })).status).toBe(200);
    expect(echo.seen).toHaveLength(1);
  });

  test.each([['PUT'], ['DELETE'], ['HEAD'], ['PATCH']])('%s is 405', async (method) => {
    server.route('echo', [front('e-1').backend]);
    const response = await server.call('echo', { method });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, POST']);
  });

  test('no ready instance is 503 in the words clients know', async () => {
    server.route('echo', []);
    const response = await server.call('echo', { body: 'x' });
    expect([response.status, await response.text()]).toEqual([503, 'no healthy upstream']);
  });

  test.each([
    [400, false],
    [408, true],
    [429, true],
    [450, true],
    [500, false],
    [503, false],
  ])('%d of an instance passes; connection closed: %p', async (status, isClosed) => {
    server.route('echo', [front('e-1', () => ({ status, body: 'why' })).backend]);
    const head = `POST /api/predict/echo HTTP/1.1\r\nHost: h\r\nAuthorization: ${TOKEN}\r\n`;
    const seen = await server.twice(`${head}Content-Length: 1\r\n\r\nx`, '\r\n\r\nwhy');
    expect(seen.first).toStartWith(`HTTP/1.1 ${status} `);
    expect(seen.first).toEndWith('\r\n\r\nwhy');
    expect(seen.isClosed).toBe(isClosed);
  });

  test("an instance's headers win over the default, those of the connection do not", async () => {
    const headers = { 'Content-Type': 'application/json', 'X-Own': 'yes', 'Content-Length': '7' };
    server.route('echo', [front('e-1', () => ({ headers, body: '{}' })).backend]);
    const response = await server.call('echo');
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(response.headers.get('x-own')).toBe('yes');
    expect(await response.text()).toBe('{}');
  });

  test('a status HTTP has no room for is 502', async () => {
    server.route('echo', [front('e-1', () => ({ status: 7 })).backend]);
    expect((await server.call('echo')).status).toBe(502);
  });

  test('100 MB go through and back', async () => {
    server.route('echo', [front('e-1').backend]);
    const body = new Uint8Array(100 * 1024 * 1024);
    for (let at = 0; at < body.byteLength; at += 4096) body[at] = (at >>> 12) & 255;
    const answers = await Promise.all([
      server.call('echo', { body }),
      server.call('echo', { body: 'short' }),
    ]);
    expect(await answers[1]!.text()).toBe('short');
    expect(Buffer.compare(await answers[0]!.bytes(), body)).toBe(0);
  });
});

describe('limits', () => {
  test('a body above the limit is 413, chunked or announced, and small ones go on', async () => {
    server.close();
    server = new GatewayServer({ maxBodyBytes: 1000 });
    server.route('echo', [front('e-1').backend]);
    expect((await server.call('echo', { body: 'x'.repeat(1001) })).status).toBe(413);
    const chunked = new Blob(['x'.repeat(1001)]).stream();
    expect((await server.call('echo', { body: chunked })).status).toBe(413);
    expect((await server.call('echo', { body: 'x'.repeat(1000) })).status).toBe(200);
  });

  test('bodies beyond what may be held at once are 503 overflow until others are through', async () => {
    server.close();
    server = new GatewayServer({ maxHeldBytes: 1500 });
    const gate = Promise.withResolvers<void>();
    const echo = front('e-1', async () => {
      await gate.promise;
      return {};
    });
    server.route('echo', [echo.backend]);
    const first = server.call('echo', { body: 'x'.repeat(1000) });
    await until('the first body is held', () => echo.seen.length === 1);
    const second = await server.call('echo', { body: 'x'.repeat(1000) });
    expect([second.status, await second.text()]).toEqual([
      503,
      'upstream connect error or disconnect/reset before headers. reset reason: overflow',
    ]);
    gate.resolve();
    expect((await first).status).toBe(200);
    expect((await server.call('echo', { body: 'x'.repeat(1000) })).status).toBe(200);
  });

  test('an instance that never answers is 504 and told so', async () => {
    server.close();
    server = new GatewayServer({ timeoutMs: 300 });
    const mute = front('e-1', () => undefined);
    server.route('echo', [mute.backend]);
    const response = await server.call('echo', { body: 'x' });
    expect([response.status, await response.text()]).toEqual([504, 'upstream request timeout']);
    await until('the cancel frame', () => mute.cancelled.length === 1);
    expect(server.gateway.inFlight('echo')).toBe(0);
  });

  test("an answer may take longer than the server's idle timeout", async () => {
    server.close();
    server = new GatewayServer({ idleTimeout: 1 });
    const slow = front('e-1', async () => {
      await Bun.sleep(2600);
      return { body: 'late' };
    });
    server.route('echo', [slow.backend]);
    expect(await (await server.call('echo', { body: 'x' })).text()).toBe('late');
  });

  test('a client that leaves is cancelled at the instance', async () => {
    const mute = front('e-1', () => undefined);
    server.route('echo', [mute.backend]);
    const leaving = new AbortController();
    const call = server.call('echo', { body: 'x', signal: leaving.signal });
    await until('the exchange', () => mute.seen.length === 1);
    expect(server.gateway.inFlight('echo')).toBe(1);
    leaving.abort();
    expect(call).rejects.toThrow();
    await until('the cancel frame', () => mute.cancelled.length === 1);
    expect(mute.cancelled).toEqual([mute.seen[0]!.id]);
    expect(server.gateway.inFlight('echo')).toBe(0);
  });
});

describe('several instances', () => {
  test('idle instances take turns, and a busy one is spared', async () => {
    const stuck = Promise.withResolvers<void>();
    const busy = front('busy', async () => {
      await stuck.promise;
      return {};
    });
    const free = front('free');
    server.route('echo', [busy.backend, free.backend]);
    const waiting = [server.call('echo'), server.call('echo')];
    await until('one is stuck', () => busy.seen.length === 1 && free.seen.length === 1);
    for (let n = 0; n < 10; n++) await server.call('echo');
    expect([busy.seen.length, free.seen.length]).toEqual([1, 11]);
    stuck.resolve();
    await Promise.all(waiting);
    for (let n = 0; n < 10; n++) await server.call('echo');
    expect([busy.seen.length, free.seen.length]).toEqual([6, 16]);
  });

  test('an instance that cannot be reached costs no request', async () => {
    const gone = front('gone');
    const here = front('here');
    server.route('echo', [gone.backend, here.backend]);
    gone.close();
    for (let n = 0; n < 6; n++) expect((await server.call('echo')).status).toBe(200);
    expect(here.seen).toHaveLength(6);
    expect(server.logged.join('\n')).toContain('link to gone is down');
  });

  test('when none can be reached the answer is 503, told as Envoy does', async () => {
    const gone = front('gone');
    server.route('echo', [gone.backend]);
    gone.close();
    const response = await server.call('echo', { body: 'x' });
    expect([response.status, await response.text()]).toEqual([
      503,
      'upstream connect error or disconnect/reset before headers. reset reason: connection failure',
    ]);
  });

  test('a request that may have been started is never repeated', async () => {
    const dies: FakeFront = front('dies', () => {
      dies.dropConnections();
      return undefined;
    });
    const here = front('here');
    server.route('echo', [dies.backend]);
    const call = server.call('echo', { body: 'x' });
    server.route('echo', [dies.backend, here.backend]);
    const response = await call;
    expect([response.status, await response.text()]).toEqual([
      503,
      'upstream connect error or disconnect/reset before headers. reset reason: connection termination',
    ]);
    expect([dies.seen.length, here.seen.length]).toEqual([1, 0]);
  });

  test('a front that came back is used again, also under the same name at another address', async () => {
    const first = front('e-1', () => ({ body: 'first' }));
    server.route('echo', [first.backend]);
    await server.call('echo');
    first.dropConnections();
    await until('the link is seen down', () => server.logged.length === 1);
    expect(await (await server.call('echo')).text()).toBe('first');
    const second = front('e-1', () => ({ body: 'second' }));
    server.route('echo', [second.backend]);
    expect(await (await server.call('echo')).text()).toBe('second');
  });
});

describe('retiring', () => {
  test('under load nothing is lost and the retired instance goes quiet', async () => {
    const slow: FakeHandler = async ({ body }) => {
      await Bun.sleep(2);
      return { body };
    };
    const old = [front('old-1', slow), front('old-2', slow)];
    const fresh = [front('new-1', slow), front('new-2', slow)];
    server.route(
      'echo',
      old.map(({ backend }) => backend),
    );
    let isOver = false;
    let answered = 0;
    const callers = Array.from({ length: 24 }, async (_, caller) => {
      for (let n = 0; !isOver; n++) {
        const response = await server.call('echo', { body: `${caller}-${n}` });
        expect([response.status, await response.text()]).toEqual([200, `${caller}-${n}`]);
        answered++;
      }
    });
    await until('traffic', () => answered > 100);
    for (const [at, leaving] of old.entries()) {
      server.route(
        'echo',
        [...old.slice(at), ...fresh.slice(0, at + 1)].map(({ backend }) => backend),
      );
      await server.gateway.retire(leaving.instance, 5000);
      const before = leaving.seen.length;
      leaving.close();
      const soFar = answered;
      await until('traffic goes on', () => answered > soFar + 100);
      expect(leaving.seen.length).toBe(before);
    }
    server.route(
      'echo',
      fresh.map(({ backend }) => backend),
    );
    const soFar = answered;
    await until('traffic goes on', () => answered > soFar + 100);
    isOver = true;
    await Promise.all(callers);
    const seen = [...old, ...fresh].reduce((sum, { seen }) => sum + seen.length, 0);
    expect(seen).toBe(answered);
    expect(server.gateway.counters('echo').requests).toBe(answered);
    expect(server.gateway.inFlight('echo')).toBe(0);
  });

  test('it waits for what is in flight, but no longer than the grace time', async () => {
    const gate = Promise.withResolvers<void>();
    const slow = front('slow', async () => {
      await gate.promise;
      return { body: 'done' };
    });
    server.route('echo', [slow.backend]);
    const call = server.call('echo', { body: 'x' });
    await until('the exchange', () => slow.seen.length === 1);
    await server.gateway.retire('slow', 20);
    expect(server.gateway.inFlight('echo')).toBe(1);
    const second = server.gateway.retire('slow', 60_000);
    expect((await server.call('echo', { body: 'y' })).status).toBe(503);
    gate.resolve();
    await second;
    expect(await (await call).text()).toBe('done');
  });

  test('an instance nobody called yet retires at once', async () => {
    const unused = front('unused');
    server.route('echo', [unused.backend]);
    await server.gateway.retire('unused', 60_000);
    expect((await server.call('echo')).status).toBe(503);
    expect(unused.connections).toBe(0);
  });
});

test('blue-green: the entrance keeps its token and its traffic is split by weight', async () => {
  const old = front('old', () => ({ body: 'old' }));
  const twin = front('twin', () => ({ body: 'twin' }));
  const entrance = server.route('echo', [old.backend]);
  const twinRoute = { service: 'echo_0a1b2c3d', token: 'its own', backends: [twin.backend] };
  server.alternatives.set('echo', [
    { route: entrance, weight: 80 },
    { route: twinRoute, weight: 20 },
  ]);
  for (let n = 0; n < 100; n++) expect((await server.call('echo')).status).toBe(200);
  expect(Math.abs(twin.seen.length - 20)).toBeLessThanOrEqual(2);
  expect(server.gateway.counters('echo_0a1b2c3d').requests).toBe(twin.seen.length);
  expect((await server.call('echo', { headers: { authorization: 'its own' } })).status).toBe(401);
});

test('a closed gateway answers what was in flight', async () => {
  const mute = front('mute', () => undefined);
  server.route('echo', [mute.backend]);
  const call = server.call('echo', { body: 'x' });
  await until('the exchange', () => mute.seen.length === 1);
  server.gateway.close();
  expect((await call).status).toBe(503);
  expect((await server.call('echo', { body: 'x' })).status).toBe(503);
});
