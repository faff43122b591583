import { afterEach, describe, expect, test } from 'bun:test';
import type net from 'node:net';
import { join } from 'node:path';
import { canPretendCloud, FakeCloud, UID } from '../../support/cloud/fake-cloud.ts';
import type { ProxyOptions } from '../../support/proxy.ts';

/** What a user types, and what it takes to work, through everything that networks do. */
const commands = {
  ls: { argv: ['ls'], out: 'echo', host: 'pai-eas.cn-shanghai.aliyuncs.com' },
  upload: {
    argv: ['upload', 'model.bin'],
    out: 'OK num: 1',
    host: 'eas-model-shanghai.oss-cn-shanghai.aliyuncs.com',
  },
  predict: {
    argv: ['predict', 'echo', '-d', 'hello'],
    out: 'echo hello',
    host: `${UID}.cn-shanghai.pai-eas.aliyuncs.com`,
  },
};
const each = Object.entries(commands);
const MODEL = 'w'.repeat(300_000);
const keys = { EAS_ACCESS_KEY_ID: 'Id', EAS_ACCESS_KEY_SECRET: 'hidden-secret', EAS_ENDPOINT: 'cn-shanghai' };

describe.skipIf(!canPretendCloud)('every client goes', () => {
  let cloud: FakeCloud | undefined;
  afterEach(() => {
    cloud?.stop();
    cloud = undefined;
  });
  const start = async (options: Omit<ProxyOptions, 'portOf'> = {}) => {
    cloud = await FakeCloud.start(options);
    cloud.keys.set('Id', { secret: 'hidden-secret' });
    cloud.write('model.bin', MODEL);
    return cloud;
  };

  test.each(each)('through a proxy that wants a password: %s', async (_, { argv, out, host }) => {
    const { proxy, run } = bound(await start());
    const withPassword = proxy.url.replace('//', '//me:p%40ss@');
    const ran = await run(argv, { ...keys, HTTPS_PROXY: withPassword, HTTP_PROXY: withPassword });
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(ran.out).toContain(out);
    expect(proxy.lines.some((line) => line.includes(host))).toBe(true);
    expect(new Set(proxy.authorizations)).toEqual(new Set([`Basic ${btoa('me:p@ss')}`]));
  });

  test.each(each)(
    'nowhere when the proxy refuses, which is named without its password: %s',
    async (_, { argv }) => {
      const { proxy, run } = bound(await start({ refuse: 407 }));
      const withPassword = proxy.url.replace('//', '//me:hidden@');
      const ran = await run(argv, { ...keys, HTTPS_PROXY: withPassword, HTTP_PROXY: withPassword });
      expect(ran.code).toBe(1);
      expect(ran.err).toContain(`the proxy ${proxy.url} refused to connect to`);
      expect(ran.err).toContain('status 407');
      expect(ran.err).not.toContain('hidden');
    },
  );

  test('around the proxy for hosts of NO_PROXY', async () => {
    const { proxy, run } = bound(await start());
    const ran = await run(['-e', 'http://eas.nowhere.invalid', 'ls'], {
      ...keys,
      EAS_REGION: 'cn-shanghai',
      NO_PROXY: 'nowhere.invalid',
    });
    expect(ran.code).toBe(1);
    expect(ran.err).toContain('there is no such host: http://eas.nowhere.invalid');
    expect(proxy.lines).toEqual([]);
  });

  test.each(each)('by a private CA only when it is named: %s', async (_, { argv, out }) => {
    const { run, folder } = bound(await start());
    const untrusted = await run(argv, { ...keys, EAS_CA_FILE: '' });
    expect(untrusted).toMatchObject({ code: 1 });
    expect(untrusted.err).toContain('EAS_CA_FILE');
    for (const name of ['SSL_CERT_FILE', 'NODE_EXTRA_CA_CERTS']) {
      const trusted = await run(argv, { ...keys, EAS_CA_FILE: '', [name]: join(folder, 'ca.pem') });
      expect(trusted).toMatchObject({ code: 0, err: '' });
      expect(trusted.out).toContain(out);
    }
  });

  test.each(each)('over a slow line: %s', async (_, { argv, out }) => {
    const { run } = bound(await start({ carry: drip }));
    const ran = await run(argv, keys);
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(ran.out).toContain(out);
  });

  test.each([each[0]!, each[1]!])(
    'over a line that drops connections: %s',
    async (name, { argv, out, host }) => {
      const dropped: string[] = [];
      const { run, proxy } = bound(
        await start({
          carry(client, upstream, connection) {
            const line = proxyLine(connection);
            // Half-way: bytes have gone out, and no answer has come.
            if (line.includes(host) && dropped.length < 2) {
              dropped.push(line);
              client.once('data', () => client.resetAndDestroy());
              return upstream.destroy();
            }
            connectBoth(client, upstream);
          },
        }),
      );
      const proxyLine = (connection: number) => proxy.lines[connection] ?? '';
      const ran = await run(argv, keys);
      expect(ran).toMatchObject({ code: 0, err: '' });
      expect(ran.out).toContain(out);
      expect(dropped).toHaveLength(2);
      if (name === 'upload') {
        const stored = cloud!.stored(`${UID}/model.bin`);
        expect(await Bun.file(stored!).text()).toBe(MODEL);
      }
    },
  );

  test('once only, for a prediction that was dropped: it may have had its effect', async () => {
    let tries = 0;
    const { run } = bound(
      await start({
        carry(client, upstream, connection) {
          if (!cloud!.proxy.lines[connection]!.includes(`${UID}.`)) return connectBoth(client, upstream);
          tries++;
          upstream.destroy();
          client.resetAndDestroy();
        },
      }),
    );
    const ran = await run(commands.predict.argv, keys);
    expect(ran).toMatchObject({ code: 1, out: '' });
    expect(ran.err).toContain('the connection was dropped by');
    expect(tries).toBe(1);
  });

  const slowDown = (code: string, status: number, more = {}) =>
    Response.json({ Code: code, Message: 'slow down', RequestId: 'R' }, { status, headers: more });
  const ossBusy = () =>
    new Response('<Error><Code>ServerBusy</Code><Message>busy</Message></Error>', {
      status: 503,
      headers: { 'content-type': 'application/xml' },
    });

  test.each<[string, string, () => Response]>([
    ['ls', 'Throttling.User with 429', () => slowDown('Throttling.User', 429)],
    ['ls', 'Throttling with 400', () => slowDown('Throttling', 400)],
    [
      'ls',
      'ServiceUnavailable with x-acs-retry-after',
      () => slowDown('X', 503, { 'x-acs-retry-after': '5' }),
    ],
    ['upload', 'ServerBusy', ossBusy],
  ])('again after it was throttled: %s, %s', async (name, _, throttled) => {
    const { argv, out, host } = commands[name as 'ls' | 'upload'];
    const { run } = bound(await start());
    cloud!.fault = (seen, count) => (seen.host === host && count <= 2 ? throttled() : undefined);
    const ran = await run(argv, keys);
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(ran.out).toContain(out);
    expect(cloud!.seen.filter((seen) => seen.host === host)).toHaveLength(3);
  });

  test('no further when throttling does not end, and says so with code and RequestId', async () => {
    const { run } = bound(await start());
    cloud!.fault = () => slowDown('Throttling.User', 429);
    const ran = await run(['ls'], keys);
    expect(ran.code).toBe(1);
    expect(ran.err).toContain('(Code: Throttling.User, HTTP 429, RequestId: R)');
    expect(cloud!.seen).toHaveLength(4);
  });

  test('no further when a prediction is refused by the rate limit, with what to do', async () => {
    const { run } = bound(await start());
    cloud!.fault = ({ host }) =>
      host.startsWith(`${UID}.`) ? new Response('no', { status: 429 }) : undefined;
    const ran = await run(commands.predict.argv, keys);
    expect(ran.code).toBe(1);
    expect(ran.err).toContain('Service [echo] answered 429: the rate limit is reached');
    expect(cloud!.seen.filter(({ host }) => host.startsWith(`${UID}.`))).toHaveLength(1);
  });
});

const bound = (cloud: FakeCloud) => ({
  proxy: cloud.proxy,
  folder: cloud.folder,
  run: cloud.run.bind(cloud),
});

function connectBoth(client: net.Socket, upstream: net.Socket): void {
  client.pipe(upstream);
  upstream.pipe(client);
}

/** Pieces with a pause before each; the order stays, everything arrives. */
function drip(client: net.Socket, upstream: net.Socket): void {
  for (const [from, to] of [
    [client, upstream],
    [upstream, client],
  ] as const) {
    let last = Promise.resolve();
    from.on('data', (chunk: Buffer) => {
      const pieces = Math.min(4, chunk.length);
      const size = Math.ceil(chunk.length / pieces);
      for (let at = 0; at < chunk.length; at += size) {
        const piece = chunk.subarray(at, at + size);
        last = last.then(() => Bun.sleep(2)).then(() => void (to.destroyed || to.write(piece)));
      }
    });
    from.on('end', () => void last.then(() => to.end()));
  }
}
