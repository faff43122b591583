import { describe, expect, setDefaultTimeout, test } from 'bun:test';
import { join } from 'node:path';
import { misses } from '../support/needs.ts';
import { CPP_APP } from './apps.ts';
import { cppHost, isAlive, RunningHost, until } from './host.ts';
import { temporaryFolder, writeFiles } from './packages.ts';

setDefaultTimeout(90_000);

describe.skipIf(misses('g++'))('a C++ processor', () => {
  test('serves as the ABI says: sizes, codes, a null model, the package as its folder', async () => {
    const host = cppHost(CPP_APP, { modelEntry: './m.txt', modelConfig: '' });
    await host.event('ready');
    expect(await host.text('hello')).toEqual([200, 'hello']);
    expect(await host.text('n')).toEqual([200, '']);
    expect(await host.text('m')).toEqual([200, 'null model']);
    expect(await host.text('e')).toEqual([200, `${host.spec.workspace}/model/./m.txt|`]);
    expect(await host.text('w')).toEqual([200, join(host.spec.workspace, 'predictor/p')]);
    for (const [code, status] of [
      [0, 200],
      [200, 200],
      [404, 404],
      [500, 500],
      [-1, 400],
      [1, 400],
      [99999, 400],
      [100, 400],
    ]) {
      expect(await host.text(`c${code}`)).toEqual([status!, 'code body']);
    }
    expect((await fetch(await host.url())).status).toBe(200);
    expect(host.log()).toContain(`loading ${host.spec.workspace}/model/./m.txt`);
  });

  test('large bodies and NUL bytes survive', async () => {
    const host = cppHost(CPP_APP, { limits: { keepaliveMs: 60_000 } });
    await host.event('ready');
    for (const size of [1, 65_524, 65_525, 131_060, 131_061, 3_000_000, 20_000_000, 10]) {
      const body = new Uint8Array(size).map((_, at) => (at === 0 ? 0 : at));
      const answer = new Uint8Array(await (await host.post(body)).arrayBuffer());
      expect([answer.byteLength, Bun.hash(answer)]).toEqual([size, Bun.hash(body)]);
    }
  });

  test('bodies of all sizes at once come back to their callers', async () => {
    const host = cppHost(CPP_APP, { limits: { keepaliveMs: 60_000 } });
    await host.event('ready');
    const sizes = [1, 100, 131_059, 131_060, 131_061, 400_000];
    const bodies = Array.from({ length: 60 }, (_, number) =>
      new Uint8Array(sizes[number % sizes.length]!).map((_, at) => (at === 0 ? 0 : at * (number + 1))),
    );
    const answers = await Promise.all(
      bodies.map(async (body) => Bun.hash(await (await host.post(body)).arrayBuffer())),
    );
    expect(answers).toEqual(bodies.map((body) => Bun.hash(body)));
  });

  test('five requests are computed at once, by one process', async () => {
    const host = cppHost(CPP_APP);
    await host.event('ready');
    const answers = await Promise.all(Array.from({ length: 5 }, () => host.text('b')));
    expect(answers).toEqual(Array(5).fill([200, 'together']));
    const pids = await Promise.all(Array.from({ length: 10 }, () => host.text('p')));
    expect(new Set(pids.map(([, pid]) => pid)).size).toBe(1);
  });

  test('static memory may be returned when told so', async () => {
    const host = cppHost(CPP_APP, { properties: { 'rpc.leak_output': 'true' } });
    await host.event('ready');
    for (let tries = 0; tries < 5; tries++) expect(await host.text('f')).toEqual([200, 'static memory']);
  });

  for (const [what, body, reason] of [
    ['a segmentation fault', 'x', 'SIGSEGV'],
    ['an exception', 't', 'SIGABRT'],
  ] as const) {
    test(`${what} ends the process; the others in flight get 503, and it comes back`, async () => {
      const host = cppHost(CPP_APP);
      await host.event('ready');
      const other = host.text('s5000');
      await host.has('in_flight', 1);
      const [crashed, [status]] = await Promise.all([host.text(body), other]);
      expect([crashed[0], status]).toEqual([503, 503]);
      const exited = await host.event('exited');
      expect(exited.state.reason).toBe(reason);
      expect(host.log()).not.toContain('Bun has crashed');
      await host.event('ready', host.events.indexOf(exited));
      expect(await host.text('again')).toEqual([200, 'again']);
    });
  }

  test.skipIf(process.platform !== 'linux')('nobody is left when the host is killed', async () => {
    const host = cppHost(CPP_APP);
    await host.event('ready');
    const pid = Number((await host.text('p'))[1]);
    const stuck = host.text('s60000').catch(() => undefined);
    expect(isAlive(pid)).toBe(true);
    host.process.kill('SIGKILL');
    await until(() => !isAlive(pid));
    await stuck;
  });
});

describe.skipIf(misses('g++'))('a library that does not load', () => {
  const message = async (source: string) => (await cppHost(source).event('exited')).message;

  test('a failing initialize', async () => {
    const source = CPP_APP.replace('*state = 0;', '*state = 3;');
    expect(await message(source)).toContain('initialize() of the processor set state 3');
  });

  test('a missing function is named', async () => {
    expect(await message('extern "C" void *initialize() { return 0; }')).toContain('does not export process');
  });

  test('a library it needs and has not got is named', async () => {
    const folder = writeFiles(temporaryFolder(), { 'ws/predictor/p/q.cpp': 'int q() { return 1; }' });
    const cwd = join(folder, 'ws/predictor/p');
    const build = (...args: string[]) => Bun.spawnSync(['g++', '-shared', '-fPIC', ...args], { cwd });
    build('-o', 'libq.so', 'q.cpp');
    writeFiles(cwd, { 'p.cpp': `int q();\n${CPP_APP}\nint r = q();` });
    build('-o', 'libp.so', 'p.cpp', '-L.', '-lq');
    const spec = { workspace: join(folder, 'ws'), processor: { type: 'cpp' as const, entry: 'libp.so' } };
    const beside = new RunningHost(spec);
    await beside.event('ready');
    Bun.spawnSync(['rm', 'libq.so'], { cwd });
    expect((await new RunningHost(spec).event('exited')).message).toContain('libq.so');
  });

  test('text is no library, and an absent one is absent', async () => {
    const workspace = writeFiles(join(temporaryFolder(), 'ws'), { 'predictor/p/libp.so': 'not ELF' });
    const host = new RunningHost({ workspace, processor: { type: 'cpp', entry: 'libp.so' } });
    expect((await host.event('exited')).message).toContain("can't be loaded");
    const absent = new RunningHost({ workspace, processor: { type: 'cpp', entry: 'libz.so' } });
    expect((await absent.event('exited')).message).toContain('has no libz.so');
  });
});
