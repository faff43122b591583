import { describe, expect, setDefaultTimeout, test } from 'bun:test';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { needs } from '../support/needs.ts';
import { pythonHost, until } from './host.ts';
import { temporaryFolder, writeFiles } from './packages.ts';

/** The compatible allspark on every Python of this machine, under the host and by hand. */
setDefaultTimeout(90_000);
const sources = resolve(import.meta.dir, '../../src/python');

/** Python sources that answer through each part of the interface beside `process`: a channel, and a path of their own. */
const INTERFACE_APP = (endpoint: string, other: string) => `
import threading, allspark
context = allspark.Context(2)
service = context.queued_service("${endpoint}")
other = context.channel(b"${other}/api/predict/other")

@service.inject("/mine", token="secret of mine")
def mine(body):
    if body == b"bad": raise ValueError("no good")
    return b"mine " + body

def ask_later(body):
    event, told = threading.Event(), []
    def tell(answer, outcome, ready=None):
        told.append(outcome.encode() + b": " + answer)
        ready.set()
    other.async_request(body, lambda answer, **kws: tell(answer, "ok", **kws), lambda answer, **kws: tell(answer, "failed", **kws), ready=event)
    event.wait(20)
    return told[0]

while True:
    body = service.read()
    try:
        service.write(ask_later(body[6:]) if body.startswith(b"later ") else other.request(body))
    except Exception as error:
        service.error(500, error.args[0])
`;

/** The service at the other end of the channel; closes each connection it has answered on when told so. */
function otherService() {
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    async fetch(request) {
      const body = await request.text();
      if (body === 'wrong') return new Response('not so', { status: 404 });
      const headers = body === 'last' ? { connection: 'close' } : undefined;
      return new Response(`other ${new URL(request.url).pathname} ${body}`, { headers });
    },
  });
  return { place: `127.0.0.1:${server.port}`, [Symbol.asyncDispose]: () => server.stop(true) };
}

/** What INTERFACE_APP answers, wherever it is served. */
async function checkInterface(ask: (body: string, path?: string, token?: string) => Promise<unknown[]>) {
  for (const body of ['one', 'last', 'two'])
    expect(await ask(body)).toEqual([200, `other /api/predict/other ${body}`]);
  expect(await ask('wrong')).toEqual([500, 'not so']);
  expect(await ask('later three')).toEqual([200, 'ok: other /api/predict/other three']);
  expect(await ask('later wrong')).toEqual([200, 'failed: not so']);
  expect(await ask('x', '/mine', 'secret of mine')).toEqual([200, 'mine x']);
  expect(await ask('bad', '/mine?a=1', 'Bearer secret of mine')).toEqual([400, 'no good']);
  expect((await ask('x', '/mine'))[0]).toBe(401);
  expect(await ask('x', '/mine/below')).toEqual([200, 'other /api/predict/other x']);
}

/** Of pyenv, on PATH, and named in EASCMD_TEST_PYTHONS (`:` between them). */
const installed = (() => {
  const versions = join(homedir(), '.pyenv/versions');
  const named = (process.env.EASCMD_TEST_PYTHONS ?? '').split(':').filter(Boolean);
  const kept = existsSync(versions)
    ? readdirSync(versions).map((name) => join(versions, name, 'bin/python'))
    : [];
  const onPath = [
    'python2.7',
    ...Array.from({ length: 12 }, (_, index) => `python3.${6 + index}`),
    'python3',
  ];
  const found = [...kept, ...onPath.flatMap((name) => Bun.which(name) ?? []), ...named].filter(existsSync);
  return found.flatMap((interpreter) => {
    const script = 'import sys; print("%d.%d.%d" % sys.version_info[:3])';
    const { stdout, exitCode } = Bun.spawnSync([interpreter, '-c', script]);
    return exitCode === 0 ? [{ interpreter, version: stdout.toString().trim() }] : [];
  });
})();
const everyVersion = [...new Map(installed.map((python) => [python.version, python])).values()];

describe('every Python that is installed', () => {
  for (const { interpreter, version } of everyVersion) {
    const processor = { type: 'python' as const, entry: 'app.py', python: interpreter };

    test(`${version} serves under the host`, async () => {
      const app =
        'import allspark\nclass App(allspark.BaseProcessor):\n  def process(self, data):\n    return data, 200\nApp(2).run()\n';
      const host = pythonHost(app, { processor });
      await host.event('ready');
      const body = 'x'.repeat(200_000);
      expect(await host.text(body)).toEqual([200, body]);
      expect(await host.text('small')).toEqual([200, 'small']);
    });

    test(`${version} serves in several processes`, async () => {
      const app =
        'import os, allspark\nclass App(allspark.BaseProcessor):\n  def process(self, data):\n    return str(os.getpid()).encode(), 200\nApp(2, 4, 2).run()\n';
      const host = pythonHost(app, { processor });
      await host.event('ready');
      const pids = new Set<string>();
      while (pids.size < 2) {
        const answers = await Promise.all([host.text('x'), host.text('x')]);
        for (const [status, pid] of answers) if (status === 200) pids.add(pid as string);
      }
      expect(pids.size).toBe(2);
    });

    test(`${version} has channels and injected handlers under the host`, async () => {
      await using other = otherService();
      const host = pythonHost(INTERFACE_APP('0.0.0.0:8080', other.place), { processor });
      await host.event('ready');
      await checkInterface((body, path, token) => post(host.url(path), body, token));
    });

    test(`${version} serves HTTP when run by hand, with channels and injected handlers`, async () => {
      await using other = otherService();
      const port = freePort();
      await using _app = byHand(interpreter, INTERFACE_APP(`127.0.0.1:${port}`, other.place));
      const url = (path = '/api/predict/x') => `http://127.0.0.1:${port}${path}`;
      await untilServed(url('/mine'));
      await checkInterface((body, path, token) => post(url(path), body, token));
    });
  }

  needs('python3')('by hand: a queue that is full and time that is up', async () => {
    const port = freePort();
    const app = `import allspark, time
allspark.default_properties().put("rpc.max_queue_size", "1")
allspark.default_properties().put("rpc.keepalive", "1500")
state = [b"idle"]
class App(allspark.BaseProcessor):
  def process(self, data):
    state[0] = b"busy"
    time.sleep(60)
app = App(1, endpoint="127.0.0.1:${port}")
app.queued.inject("/state", lambda body: state[0])
app.run()
`;
    await using _app = byHand('python3', app);
    const url = `http://127.0.0.1:${port}/`;
    await untilServed(`${url}state`);
    const first = post(url, 'x');
    await until(async () => (await post(`${url}state`, ''))[1] === 'busy');
    const others = await Promise.all([post(url, 'x'), post(url, 'x')]);
    expect(others.sort()).toEqual([
      [408, 'request timeout'],
      [450, 'queue is full'],
    ]);
    expect(await first).toEqual([408, 'request timeout']);
  });

  needs('python3')('by hand: listens on loopback, in a container of EAS on all addresses', () => {
    const script = 'from allspark import _service; print(_service.default_endpoint())';
    const endpoint = (env: Record<string, string>) =>
      Bun.spawnSync(['python3', '-c', script], {
        env: { PATH: process.env.PATH, PYTHONPATH: sources, ...env },
      })
        .stdout.toString()
        .trim();
    expect(endpoint({ NAMESPACE: 'eas' })).toBe('127.0.0.1:8080');
    expect(endpoint({ NAMESPACE: 'eas', POD_NAME: 'svc-1' })).toBe('0.0.0.0:8080');
  });

  needs('python3')('by hand: what needs the C library of the official package says so', () => {
    const script = 'import allspark\nfor call in allspark.cflags, allspark.ldflags:\n  call()';
    const { stderr } = Bun.spawnSync(['python3', '-c', script], {
      env: { ...process.env, PYTHONPATH: sources },
    });
    expect(stderr.toString()).toContain('no C headers or library');
  });
});

async function post(url: string | Promise<string>, body: string, token?: string): Promise<unknown[]> {
  const headers: Record<string, string> = token === undefined ? {} : { Authorization: token };
  const answer = await fetch(await url, { method: 'POST', body, headers });
  return [answer.status, await answer.text()];
}

function untilServed(url: string): Promise<void> {
  return until(() =>
    fetch(url).then(
      () => true,
      () => false,
    ),
  );
}

function freePort(): number {
  using server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => new Response() });
  return server.port!;
}

/** `python app.py` as somebody without eascmd would run it. */
function byHand(interpreter: string, app: string) {
  const child = Bun.spawn([interpreter, 'app.py'], {
    cwd: writeFiles(temporaryFolder(), { 'app.py': app }),
    env: { ...process.env, PYTHONPATH: sources, PYTHONDONTWRITEBYTECODE: '1' },
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: 'ignore',
  });
  return {
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await child.exited;
    },
  };
}
