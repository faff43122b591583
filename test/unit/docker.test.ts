import { afterAll, describe, expect, test } from 'bun:test';
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gpuOf } from '../../src/commands/test/runtime.ts';
import { processorTask } from '../../src/core/service/task.ts';
import type { WorkerSpec } from '../../src/core/worker/spec.ts';
import { createOptions } from '../../src/docker/container/create.ts';
import { Demultiplexer } from '../../src/docker/container/demultiplex.ts';
import { endedByItself, notStarted } from '../../src/docker/container/failure.ts';
import { gpuSettings } from '../../src/docker/container/gpu.ts';
import { insideSpec } from '../../src/docker/container/inside.ts';
import { limitsOf } from '../../src/docker/container/limits.ts';
import { linuxProgram } from '../../src/docker/container/program.ts';
import { type EngineAddress, engineAddress } from '../../src/docker/engine/address.ts';
import { unreachable } from '../../src/docker/engine/failure.ts';
import { loginFor, registryOf } from '../../src/docker/image/credentials.ts';
import { hostOf } from '../support/scripted-eas.ts';
import { temporaryFolder } from '../support/temporary.ts';

const info = { arch: 'x64', cpus: 2, runtimes: ['runc'], isRootless: false, isPodman: false };
const settings = { pull: 'missing', labels: {} } as const;
const task = (document: Record<string, unknown>) =>
  processorTask({ name: 'a', processor_type: 'cpp', processor_entry: 'a.so', ...document });

const spec = (more: Partial<WorkerSpec> = {}): WorkerSpec => ({
  ...task({}),
  service: 'svc',
  instance: 'svc-1',
  host: '127.0.0.1',
  port: 0,
  runDir: '/run/1',
  secret: 's',
  token: 't',
  workspace: '/data/v1',
  processor: { type: 'python', entry: 'app.py', python: '/home/me/python' },
  env: {},
  logFile: '/data/log/svc-1.log',
  startTimeoutMs: 1,
  container: settings,
  ...more,
});

describe('the engine is the one docker would use', () => {
  const folder = temporaryFolder();
  afterAll(() => folder[Symbol.dispose]());
  const id = createHash('sha256').update('far').digest('hex');
  mkdirSync(join(folder.path, 'contexts/meta', id), { recursive: true });
  writeFileSync(
    join(folder.path, 'contexts/meta', id, 'meta.json'),
    JSON.stringify({ Name: 'far', Endpoints: { docker: { Host: 'unix:///run/far.sock' } } }),
  );
  const address = (env: Record<string, string>, config = '{}') => {
    folder.write('config.json', config);
    return engineAddress(hostOf([], { env: { DOCKER_CONFIG: folder.path, ...env } }));
  };
  const cases: [string, Record<string, string>, string, Partial<EngineAddress>][] = [
    [
      'DOCKER_HOST with a socket',
      { DOCKER_HOST: 'unix:///x/y.sock' },
      '{}',
      { kind: 'socket', path: '/x/y.sock' },
    ],
    [
      'DOCKER_HOST with a port',
      { DOCKER_HOST: 'tcp://127.0.0.1:99' },
      '{}',
      { kind: 'tcp', host: '127.0.0.1', port: 99 },
    ],
    [
      'DOCKER_HOST before a context',
      { DOCKER_HOST: 'tcp://a', DOCKER_CONTEXT: 'far' },
      '{}',
      { kind: 'tcp', port: 2375 },
    ],
    ['DOCKER_CONTEXT', { DOCKER_CONTEXT: 'far' }, '{}', { kind: 'socket', path: '/run/far.sock' }],
    ['the current context', {}, '{"currentContext":"far"}', { kind: 'socket', path: '/run/far.sock' }],
    [
      'the context named default',
      {},
      '{"currentContext":"default"}',
      { kind: 'socket', from: 'the usual place' },
    ],
  ];
  for (const [name, env, config, expected] of cases)
    test(name, () => expect(address(env, config)).toMatchObject(expected));

  test('podman is found where Docker is not', () => {
    mkdirSync(join(folder.path, 'podman'), { recursive: true });
    writeFileSync(join(folder.path, 'podman/podman.sock'), '');
    const found = address({ XDG_RUNTIME_DIR: folder.path }) as { path: string };
    expect(['/var/run/docker.sock', join(folder.path, 'podman/podman.sock')]).toContain(found.path);
  });

  test('what can not be used is told with its source', () => {
    expect(() => address({ DOCKER_HOST: 'ssh://me@far' })).toThrow('DOCKER_HOST says "ssh://me@far"');
    expect(() => address({ DOCKER_CONTEXT: 'none' })).toThrow('The Docker context "none"');
    expect(() => address({}, '{')).toThrow("config.json can't be read");
  });

  test('an engine that does not answer is told by kind', () => {
    const at = { kind: 'socket', path: '/s', from: 'DOCKER_HOST' } as const;
    const told = (code: string) => unreachable(at, Object.assign(new Error('x'), { code }));
    expect(told('EACCES')).toMatchObject({
      code: 'EnginePermission',
      hint: expect.stringContaining('usermod -aG docker'),
    });
    expect(told('ENOENT').message).toBe(
      'No container engine answers at /s (DOCKER_HOST): there is no such socket',
    );
    expect(told('ECONNREFUSED').message).toContain('nothing listens there');
  });
});

describe('logins of registries', () => {
  test.each([
    ['debian', 'https://index.docker.io/v1/'],
    ['me/app:1', 'https://index.docker.io/v1/'],
    ['localhost/app', 'localhost'],
    ['registry.example.com/ns/app:1', 'registry.example.com'],
    ['host:5000/app', 'host:5000'],
  ])('%s is of %s', (image, registry) => expect(registryOf(image)).toBe(registry));

  test('come from config.json and from credential helpers', async () => {
    using folder = temporaryFolder();
    const auth = Buffer.from('me:pass:word').toString('base64');
    folder.write(
      'config.json',
      JSON.stringify({ auths: { 'a.example.com': { auth } }, credHelpers: { 'b.example.com': 'fake' } }),
    );
    const helper = folder.write(
      'docker-credential-fake',
      '#!/bin/sh\nread -r r\necho "{\\"Username\\":\\"$1\\",\\"Secret\\":\\"$r\\"}"\n',
    );
    Bun.spawnSync(['chmod', '+x', helper]);
    const host = hostOf([], { env: { DOCKER_CONFIG: folder.path, PATH: `${folder.path}:/usr/bin:/bin` } });
    expect(await loginFor(host, 'a.example.com/x')).toEqual({
      username: 'me',
      password: 'pass:word',
      serveraddress: 'a.example.com',
    });
    const before = process.env.PATH;
    process.env.PATH = `${folder.path}:${before}`;
    try {
      expect(await loginFor(host, 'b.example.com/x')).toMatchObject({
        username: 'get',
        password: 'b.example.com',
      });
    } finally {
      process.env.PATH = before;
    }
    expect(await loginFor(host, 'c.example.com/x')).toBeUndefined();
  });
});

describe('a container', () => {
  test('ends with the connection to it, keeps no log, and shows one port on loopback', () => {
    const options = createOptions(spec({ port: 80 }), settings, {
      image: 'i',
      program: '/bin/eascmd',
      user: '1:1',
      info,
      dataContainer: undefined,
    });
    expect(options).toMatchObject({
      Image: 'i',
      Entrypoint: ['/eas/bin/eascmd'],
      Cmd: ['__worker'],
      User: '1:1',
      StdinOnce: true,
      HostConfig: {
        AutoRemove: true,
        PortBindings: { '8080/tcp': [{ HostIp: '127.0.0.1', HostPort: '80' }] },
      },
    });
    expect(Object.keys(options.HostConfig!.PortBindings!)).toEqual(['8080/tcp']);
    expect(options.HostConfig!.Mounts).toContainEqual({
      Type: 'bind',
      Source: '/bin/eascmd',
      Target: '/eas/bin/eascmd',
      ReadOnly: true,
    });
    const targets = options
      .HostConfig!.Mounts!.filter(({ Source }) => Source === '/data/v1')
      .map((m) => m.Target);
    expect(targets).toEqual(['/home/admin/docker_ml/workspace', '/eas/workspace']);
  });

  test('is told its own places, and no interpreter of this machine', () => {
    expect(insideSpec(spec({ linkPort: 0 }))).toMatchObject({
      host: '0.0.0.0',
      port: 8080,
      linkPort: 8081,
      workspace: '/home/admin/docker_ml/workspace',
      logFile: '/eas/log/svc-1.log',
      processor: { python: undefined },
    });
    const data = insideSpec(spec({ container: { ...settings, dataImage: 'd' } }));
    expect(data.processor.python).toBe('/data/eas/ENV/bin/python');
    expect('container' in data).toBe(false);
  });

  test('gets cpu, memory and shm_size as limits, and no more cores than there are', () => {
    expect(limitsOf({ ...settings, cpu: 0.5, memoryMb: 100, shmSizeGb: 1 }, info)).toEqual({
      NanoCpus: 5e8,
      Memory: 100 * 1024 ** 2,
      MemorySwap: 100 * 1024 ** 2,
      ShmSize: 1024 ** 3,
    });
    expect(limitsOf({ ...settings, cpu: 64 }, info)).toEqual({ NanoCpus: 2e9 });
    expect(limitsOf(settings, info)).toEqual({});
  });
});

describe('GPUs', () => {
  test.each([
    [{}, undefined, undefined],
    [{ metadata: { gpu: 2 } }, undefined, 2],
    [{ metadata: { cuda: '11.2' } }, undefined, 'all'],
    [{ cuda: '/usr/local/cuda' }, undefined, 'all'],
    [{ metadata: { gpu: 2 } }, 'all', 'all'],
    [{ metadata: { gpu: 2 } }, '0', undefined],
    [{}, '3', 3],
    [{}, 'device=1,3', 2],
  ] as const)('%j with --gpus %s asks for %s', (document, gpus, count) => {
    expect(gpuOf({ gpus }, task(document))?.count).toBe(count!);
  });

  test('--gpus says what it accepts', () =>
    expect(() => gpuOf({ gpus: 'two' }, task({}))).toThrow('--gpus "two"'));

  test('use the runtime nvidia where the engine has it, else a device request', () => {
    const nvidia = { ...info, runtimes: ['runc', 'nvidia'] };
    const wish = { count: 2, why: 'w' };
    expect(gpuSettings(wish, nvidia)).toEqual({
      hostConfig: { Runtime: 'nvidia' },
      env: ['NVIDIA_VISIBLE_DEVICES=0,1', 'NVIDIA_DRIVER_CAPABILITIES=compute,utility'],
    });
    expect(gpuSettings({ count: 'all', why: '' }, nvidia).env[0]).toBe('NVIDIA_VISIBLE_DEVICES=all');
    expect(gpuSettings({ ...wish, ids: ['1', '3'] }, nvidia).env[0]).toBe('NVIDIA_VISIBLE_DEVICES=1,3');
    expect(gpuSettings(wish, info).hostConfig.DeviceRequests).toMatchObject([{ Count: 2 }]);
    expect(gpuSettings({ ...wish, ids: ['1'] }, info).hostConfig.DeviceRequests).toMatchObject([
      { DeviceIDs: ['1'] },
    ]);
    expect(gpuSettings(undefined, nvidia)).toEqual({ hostConfig: {}, env: [] });
  });
});

describe('what the engine refuses becomes', () => {
  const gpu = { ...settings, gpu: { count: 1, why: 'metadata.gpu is 1' } };
  const refused = (reason: string, more: Partial<WorkerSpec> = {}) =>
    notStarted(
      Object.assign(new Error(`(HTTP code 500) server error - ${reason}`), { statusCode: 500 }),
      spec(more),
      'img',
    );
  test.each([
    ['driver failed: Bind for 127.0.0.1:80 failed: port is already allocated', {}, 'PortTaken'],
    ['could not select device driver "" with capabilities: [[gpu]]', { container: gpu }, 'GpuNotAvailable'],
    ['invalid mount config for type "bind": bind source path does not exist: /x', {}, 'EngineElsewhere'],
    ['exec /eas/bin/eascmd: no such file or directory', {}, 'ImageNotUsable'],
    ['something new', {}, 'ContainerNotStarted'],
  ])('%s', (reason, more, code) =>
    expect(refused(reason, more)).toMatchObject({ code, message: expect.stringContaining('') }),
  );

  test('memory that ran out is told with its limit', () => {
    const limited = spec({ container: { ...settings, memoryMb: 64 } });
    expect(endedByItself(137, true, limited).message).toContain('metadata.memory is 64 MB');
    expect(endedByItself(1, false, limited).code).toBe('ContainerEnded');
  });
});

describe('the program for containers', () => {
  test('is this binary on its own kind of machine, else the build beside it, else an error that says where', () => {
    using folder = temporaryFolder();
    const own = folder.write('eascmd', '');
    const here = hostOf([], { selfCommand: [own], platform: 'linux' });
    expect(linuxProgram(here, process.arch)).toBe(own);
    const mac = hostOf([], { selfCommand: [own], platform: 'darwin' });
    expect(() => linuxProgram(mac, 'arm64')).toThrow(join(folder.path, 'eascmd-linux-arm64'));
    const linux = folder.write('eascmd-linux-arm64', '');
    expect(linuxProgram(mac, 'arm64')).toBe(linux);
  });
});

test('attached streams come apart however they are cut', () => {
  const frame = (stream: number, text: string) =>
    Buffer.from([stream, 0, 0, 0, 0, 0, 0, text.length, ...Buffer.from(text)]);
  const whole = Buffer.concat([frame(1, 'out'), frame(2, 'err'), frame(1, ''), frame(1, 'more')]);
  for (let size = 1; size <= whole.length; size++) {
    const got = { stdout: '', stderr: '' };
    const parts = new Demultiplexer((stream, bytes) => {
      got[stream] += bytes;
    });
    for (let at = 0; at < whole.length; at += size) parts.push(whole.subarray(at, at + size));
    expect(got).toEqual({ stdout: 'outmore', stderr: 'err' });
  }
});
