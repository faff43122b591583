import { afterEach, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CallOptions, createEasApi } from '../../src/cloud/api/client.ts';
import { EasError } from '../../src/core/errors.ts';
import { makeCertificate } from '../support/certificate.ts';
import { startProxy } from '../support/proxy.ts';
import { startRaw } from '../support/raw-server.ts';
import { record, reply } from '../support/recorder.ts';

const clock = { now: () => 0, random: () => 0, sleep: async () => {} };
const stops: (() => void)[] = [];
const until = <T extends { stop(): void }>(thing: T): T => {
  stops.push(() => thing.stop());
  return thing;
};
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

function connect(apiUrl: string, options: CallOptions = {}) {
  const target = { kind: 'cloud' as const, apiUrl, region: 'cn-shanghai', objectStoreUrl: '' };
  const api = createEasApi(target, { accessKeyId: 'id', accessKeySecret: 'secret' }, { clock, ...options });
  stops.push(() => api.close());
  return api;
}

async function failure(promise: Promise<unknown>): Promise<EasError> {
  const error = await promise.then(
    () => undefined,
    (thrown) => thrown,
  );
  if (error instanceof EasError) return error;
  throw error ?? new Error('nothing was thrown');
}

const answer = JSON.stringify({ RequestId: 'R' });
const http = (body: string, length = body.length) =>
  `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n${body}`;

describe('connections that break', () => {
  test('a reset before the answer is repeated', async () => {
    const server = until(
      await startRaw((socket, index) => (index < 2 ? socket.resetAndDestroy() : socket.end(http(answer)))),
    );
    expect(await connect(server.url).describeService('e')).toEqual(JSON.parse(answer));
    expect(server.connections).toBe(3);
  });

  test('an answer cut in the middle is repeated, never taken for whole', async () => {
    const server = until(
      await startRaw((socket, index) => socket.end(index === 0 ? http('{"Requ', 18) : http(answer))),
    );
    expect(await connect(server.url).describeService('e')).toEqual(JSON.parse(answer));
    expect(server.connections).toBe(2);
  });

  test('a create is not repeated once its bytes went out', async () => {
    const server = until(await startRaw((socket) => socket.resetAndDestroy()));
    const error = await failure(connect(server.url).createService({ name: 'e' }));
    expect({ code: error.code, exit: error.exit }).toEqual({ code: 'ConnectionReset', exit: 1 });
    expect(server.connections).toBe(1);
  });

  test('a server that never answers is a timeout, and not asked again', async () => {
    const server = until(await startRaw(() => {}));
    const error = await failure(connect(server.url, { timeoutMs: 50 }).describeService('e'));
    expect(error.code).toBe('Timeout');
    expect(error.message).toContain(`no answer in time from ${server.url}`);
    expect(server.connections).toBe(1);
  });

  test('a server that stops in the middle is a timeout', async () => {
    const server = until(await startRaw((socket) => void socket.write(http('{"Requ', 18))));
    const error = await failure(connect(server.url, { timeoutMs: 50 }).describeService('e'));
    expect(error.code).toBe('Timeout');
  });

  test('an abort ends the call at once with its own reason', async () => {
    const controller = new AbortController();
    const server = until(await startRaw(() => controller.abort(new Error('Ctrl-C'))));
    const call = connect(server.url, { signal: controller.signal }).describeService('e');
    await expect(call).rejects.toThrow('Ctrl-C');
  });

  test('nothing listens', async () => {
    const server = await startRaw(() => {});
    server.stop();
    const error = await failure(connect(server.url).describeService('e'));
    expect({ code: error.code, exit: error.exit, message: error.message }).toEqual({
      code: 'ConnectionRefused',
      exit: 1,
      message: `nothing listens at ${server.url}`,
    });
    expect(error.hint).toContain('-e');
  });

  test('a host that does not exist', async () => {
    const error = await failure(connect('https://pai-eas.nowhere.invalid').describeService('e'));
    expect(error.code).toBe('HostNotFound');
    expect(error.message).toContain('https://pai-eas.nowhere.invalid');
  });
});

describe('proxies', () => {
  test('http goes through it by name, with its password', async () => {
    const server = until(record(() => reply({ RequestId: 'R' })));
    const proxy = until(await startProxy());
    const url = server.url.replace('127.0.0.1', 'eas.test');
    const httpProxy = proxy.url.replace('//', '//me:p%40ss@');
    await connect(url, { network: { httpProxy } }).describeService('e');
    expect(proxy.lines).toEqual([`GET ${url}/api/v2/services/cn-shanghai/e`]);
    expect(proxy.authorizations).toEqual([`Basic ${btoa('me:p@ss')}`]);
    expect(server.requests[0]).toMatchObject({ target: '/api/v2/services/cn-shanghai/e' });
    expect(server.requests[0]!.headers.host).toStartWith('eas.test');
  });

  test('NO_PROXY is honoured', async () => {
    const proxy = until(await startProxy());
    const network = { httpProxy: proxy.url, noProxy: 'nowhere.invalid' };
    const error = await failure(connect('http://eas.nowhere.invalid', { network }).describeService('e'));
    expect(error.code).toBe('HostNotFound');
    expect(proxy.lines).toEqual([]);
  });

  test('a proxy that refuses is named', async () => {
    const proxy = until(await startProxy({ refuse: 407 }));
    const network = { httpsProxy: proxy.url };
    const error = await failure(connect('https://eas.test', { network }).describeService('e'));
    expect(error.code).toBe('ProxyFailed');
    expect(error.message).toBe(`the proxy ${proxy.url} refused to connect to eas.test:443: status 407`);
  });

  test('a proxy that is not there is named, without its password', async () => {
    const proxy = await startProxy();
    proxy.stop();
    const withPassword = proxy.url.replace('//', '//me:hidden@');
    const plain = await failure(
      connect('http://eas.test', { network: { httpProxy: withPassword } }).describeService('e'),
    );
    expect(plain.message).toContain(`through the proxy ${proxy.url}`);
    const secure = await failure(
      connect('https://eas.test', { network: { httpsProxy: withPassword } }).describeService('e'),
    );
    expect(secure.message).toContain(`the proxy ${proxy.url} failed: ECONNREFUSED`);
    expect(plain.message + secure.message).not.toContain('hidden');
  });
});

const certificate = makeCertificate();
describe.skipIf(!certificate)('TLS', () => {
  const secureServer = () => until(record(() => reply({ RequestId: 'R' }), certificate));

  test('an unknown CA is refused, and the way to trust it is told', async () => {
    const error = await failure(connect(secureServer().url).describeService('e'));
    expect(error.code).toBe('TlsFailed');
    expect(error.hint).toContain('EAS_CA_FILE');
  });

  test('a custom CA is trusted', async () => {
    const network = { ca: certificate!.cert };
    expect(await connect(secureServer().url, { network }).describeService('e')).toEqual({
      RequestId: 'R',
    } as never);
  });

  test('a certificate for another name is refused', async () => {
    const proxy = until(await startProxy());
    const url = secureServer().url.replace('127.0.0.1', 'other.name');
    const network = { ca: certificate!.cert, httpsProxy: proxy.url };
    expect((await failure(connect(url, { network }).describeService('e'))).code).toBe('TlsFailed');
  });

  test('https goes through a proxy by CONNECT, and the certificate is that of the target', async () => {
    const server = secureServer();
    const proxy = until(await startProxy());
    const url = server.url.replace('127.0.0.1', 'eas.test');
    const api = connect(url, { network: { ca: certificate!.cert, httpsProxy: proxy.url } });
    await api.describeService('e');
    await api.describeService('f');
    // One tunnel serves both calls.
    expect(proxy.lines).toEqual([`CONNECT ${new URL(url).host}`]);
    expect(server.requests.map(({ target }) => target)).toEqual([
      '/api/v2/services/cn-shanghai/e',
      '/api/v2/services/cn-shanghai/f',
    ]);
  });
});

describe('as a process of its own', () => {
  const script = (url: string) => `
    import { createEasApi } from ${JSON.stringify(join(import.meta.dir, '../../src/cloud/api/client.ts'))};
    const target = { kind: 'cloud', apiUrl: '${url}', region: 'cn-shanghai', objectStoreUrl: '' };
    const api = createEasApi(target, { accessKeyId: 'id', accessKeySecret: 'secret' });
    await api.describeService('e');
    api.close();
    process.stdout.write('done');`;

  async function outcome(command: string[]) {
    const child = Bun.spawn(command, { stdout: 'pipe', stderr: 'pipe', stdin: 'ignore' });
    const [stdout, stderr] = await Promise.all([
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
    ]);
    return { stdout, stderr, exit: await child.exited };
  }

  test('a call leaves stderr empty and the process ends', async () => {
    const server = until(record(() => reply({ RequestId: 'R' })));
    const run = await outcome([process.execPath, '-e', script(server.url)]);
    expect(run).toEqual({ stdout: 'done', stderr: '', exit: 0 });
  });

  test('bundled into one file too', async () => {
    const server = until(record(() => reply({ RequestId: 'R' })));
    const dir = mkdtempSync(join(tmpdir(), 'eascmd-bundle-'));
    try {
      const entry = join(dir, 'entry.ts');
      writeFileSync(entry, script(server.url));
      const outfile = join(dir, 'out.js');
      const build = await outcome([process.execPath, 'build', entry, '--target=bun', `--outfile=${outfile}`]);
      expect({ exit: build.exit, stderr: build.stderr }).toEqual({ exit: 0, stderr: '' });
      expect(await outcome([process.execPath, outfile])).toEqual({ stdout: 'done', stderr: '', exit: 0 });
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  });
});
