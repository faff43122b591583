import { afterAll, beforeAll, describe, expect, setDefaultTimeout } from 'bun:test';
import { createHash } from 'node:crypto';
import { chmodSync, chownSync, mkdirSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join, resolve } from 'node:path';
import { Transform } from 'node:stream';
import { engineAddress } from '../../src/docker/engine/address.ts';
import { containersOf, testEngine } from '../support/docker/containers.ts';
import { Registry, smallRoot } from '../support/docker/registry.ts';
import { lacks, needs, type Tool } from '../support/needs.ts';
import { hostOf } from '../support/scripted-eas.ts';
import { ECHO_CPP, ECHO_PYTHON, TestPlace } from '../support/test-place.ts';

setDefaultTimeout(90_000);

describe('an image that is not there', () => {
  const tools: Tool[] = ['docker', 'g++', 'tar', 'linux'];
  const place = new TestPlace();
  let file: string;
  let root: Uint8Array;
  beforeAll(() => {
    if (tools.some((tool) => lacks(tool) !== undefined)) return;
    file = place.cpp('pulled', ECHO_CPP);
    root = smallRoot([join(place.folder, 'pulled/libp.so')], { 'data/eas/mark': 'x'.repeat(200_000) });
  });
  afterAll(() => place[Symbol.asyncDispose]());
  const pullTest = needs(...tools);
  const forget = async (...images: string[]) => {
    for (const image of images)
      await (await testEngine())
        .getImage(image)
        .remove({ force: true })
        .catch(() => {});
  };
  const docker = (image: string, ...more: string[]) => [
    file,
    '--runtime',
    'docker',
    '--image',
    image,
    ...more,
  ];

  pullTest('is pulled once, with the documented lines, and again only when asked', async () => {
    using registry = new Registry(root);
    const image = registry.image('eas/worker:1.0');
    try {
      const first = await place.run(docker(image, '-d', 'x'));
      expect([first.code, first.err]).toEqual([0, '']);
      expect(first.out.split('\n').slice(0, 3)).toEqual([
        `[OK] Pulling image: ${image}`,
        '[OK] Pull image done',
        `[OK] Create docker from: ${image}`,
      ]);
      expect(first.out).toContain('echo x');
      const blobs = () => registry.asked.filter((line) => line.includes('/blobs/')).length;
      expect(blobs()).toBe(2);

      const second = await place.run(docker(image, '-d', 'x'));
      expect([second.code, second.out]).toEqual([0, expect.not.stringContaining('Pull')]);
      expect(blobs()).toBe(2);
      const before = registry.asked.length;
      const always = await place.run(docker(image, '-d', 'x', '--pull', 'always'));
      expect([always.code, always.out]).toEqual([0, expect.stringContaining('[OK] Pull image done')]);
      expect(registry.asked.length).toBeGreaterThan(before);
    } finally {
      await forget(image);
    }
  });

  pullTest('is pulled with the login of Docker, and the refusal of a wrong one is told', async () => {
    using registry = new Registry(root, { login: 'me:pass:word' });
    const image = registry.image('private/worker');
    const config = (login: string) => {
      const auth = Buffer.from(login).toString('base64');
      place.write('config.json', JSON.stringify({ auths: { [image.split('/')[0]!]: { auth } } }));
      return { DOCKER_CONFIG: place.folder };
    };
    try {
      const refused = await place.run(docker(image, '-d', 'x'), config('me:wrong'));
      expect([refused.code, refused.err]).toEqual([
        1,
        expect.stringContaining(`The image ${image} is not on this machine and can't be fetched: `),
      ]);
      expect(refused.err).toMatch(/unauthorized|no basic auth credentials|authentication required/);
      expect(refused.err).not.toContain('wrong');
      const { code, err } = await place.run(docker(image, '-d', 'x'), config('me:pass:word'));
      expect([code, err]).toEqual([0, '']);
    } finally {
      await forget(image);
    }
  });

  pullTest('Ctrl-C while it is pulled ends it and leaves nothing', async () => {
    using registry = new Registry(root, { isStuck: true });
    const test = place.start(docker(registry.image('stuck/worker:1')));
    await test.seen(/Pulling image/);
    while (!registry.asked.some((line) => line.includes('/blobs/'))) await Bun.sleep(20);
    test.io.signal('SIGINT');
    expect([await test.ended, await containersOf('pulled'), place.leftovers()]).toEqual([130, [], []]);
  });

  pullTest('a data image is pulled after it, with lines of its own', async () => {
    using registry = new Registry(root);
    const [image, data] = [registry.image('eas/worker:2'), registry.image('eas/data:2')];
    const described = place.describe('pulled_too', {
      processor_path: './pulled/libp.so',
      processor_type: 'cpp',
      processor_entry: 'libp.so',
      data_image: data,
    });
    try {
      const { code, out } = await place.run([described, '--image', image, '-d', 'x']);
      expect(code).toBe(0);
      expect(out.split('\n').filter((line) => line.includes('Pull'))).toEqual([
        `[OK] Pulling image: ${image}`,
        '[OK] Pull image done',
        `[OK] Pulling image: ${data}`,
        '[OK] Pull image done',
      ]);
    } finally {
      await forget(image, data);
    }
  });

  pullTest('one without glibc is told as such', async () => {
    mkdirSync(join(place.folder, 'bare/etc'), { recursive: true });
    using registry = new Registry(Bun.spawnSync(['tar', '-c', '-C', join(place.folder, 'bare'), '.']).stdout);
    const image = registry.image('eas/nothing:1');
    try {
      const { code, err } = await place.run(docker(image, '-d', 'x'));
      expect(err).toContain(`The processor host can't run in the image ${image}`);
      expect(err).toContain('An image with glibc 2.17 or newer is needed');
      expect([code, await containersOf('pulled')]).toEqual([1, []]);
    } finally {
      await forget(image);
    }
  });
});

describe('an engine is reached', () => {
  needs('docker-python')('by a port, as DOCKER_HOST says', async () => {
    await using place = new TestPlace();
    await using proxy = await portFor(socketOfEngine());
    const env = { DOCKER_HOST: `tcp://127.0.0.1:${proxy.port}` };
    const args = [place.python('by_port', ECHO_PYTHON), '--image', 'eascmd-test-python', '-d', 'x'];
    const { code, err, out } = await place.run(args, env);
    expect([code, err, out]).toEqual([0, '', expect.stringContaining('echo x')]);
    expect(await containersOf('by_port')).toEqual([]);
  });

  needs('docker-python')("by the context that is current in Docker's configuration", async () => {
    await using place = new TestPlace();
    const id = createHash('sha256').update('mine').digest('hex');
    const endpoint = { docker: { Host: `unix://${socketOfEngine()}` } };
    place.write(
      `.docker/contexts/meta/${id}/meta.json`,
      JSON.stringify({ Name: 'mine', Endpoints: endpoint }),
    );
    place.write('.docker/config.json', '{"currentContext": "mine"}');
    const args = [place.python('by_context', ECHO_PYTHON), '--image', 'eascmd-test-python', '-d', 'x'];
    const { code, err } = await place.run(args, { DOCKER_HOST: undefined });
    expect([code, err]).toEqual([0, '']);
  });
});

describe('an engine without the runtime nvidia', () => {
  needs('docker-python')('refuses a GPU, and the person is told what to install', async () => {
    await using place = new TestPlace();
    // The engine of CI has a runtime of that name: its answers are told with another one.
    await using proxy = await portFor(socketOfEngine(), (text) =>
      text.replaceAll('"nvidia":{', '"nvidi_":{'),
    );
    const file = place.python('no_gpu', ECHO_PYTHON, { metadata: { gpu: 1 } });
    const { code, err } = await place.run([file, '--image', 'eascmd-test-python', '-d', 'x'], {
      DOCKER_HOST: `tcp://127.0.0.1:${proxy.port}`,
    });
    expect(err).toContain("The container engine can't give the container a GPU (metadata.gpu is 1): ");
    expect(err).toContain('Install the NVIDIA driver and the NVIDIA Container Toolkit');
    expect([code, await containersOf('no_gpu'), place.leftovers()]).toEqual([1, [], []]);
  });
});

describe('an engine that can not be used', () => {
  needs(
    'linux',
    'setpriv',
    'python3',
  )('permission is denied on its socket', async () => {
    await using place = new TestPlace();
    const path = join(place.folder, 'engine.sock');
    const engine = createServer().listen(path);
    await new Promise((done) => engine.once('listening', done));
    // As root without its powers, for whom somebody else's file is somebody else's.
    if (process.getuid?.() === 0) chownSync(path, 65_534, 65_534);
    chmodSync(path, process.getuid?.() === 0 ? 0o600 : 0);
    const run = async (...more: string[]) => {
      const main = resolve(import.meta.dir, '../../src/main.ts');
      const file = join(place.folder, place.python('denied', ECHO_PYTHON));
      const powerless = ['setpriv', '--bounding-set=-all', '--inh-caps=-all'];
      const child = Bun.spawn(
        [...(process.getuid?.() === 0 ? powerless : []), process.execPath, main, 'test', file, ...more],
        {
          env: {
            PATH: process.env.PATH,
            HOME: place.folder,
            TMPDIR: place.scratch,
            DOCKER_HOST: `unix://${path}`,
          },
          stdout: 'pipe',
          stderr: 'pipe',
        },
      );
      const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text()]);
      return { out, err, code: await child.exited };
    };
    try {
      const told = `This user may not use the container engine: permission denied on ${path}`;
      const asked = await run('--runtime', 'docker');
      expect([asked.code, asked.out]).toEqual([1, '']);
      expect(asked.err).toContain(told);
      expect(asked.err).toContain('sudo usermod -aG docker $USER');
      const silent = await run('-d', 'x');
      expect([silent.code, silent.out]).toEqual([0, expect.stringContaining('echo x')]);
      expect(silent.err).toBe(`[WARN] ${told}; the processor runs as a plain process\n`);
    } finally {
      engine.close();
    }
  });

  needs('linux', 'python3')('its socket is left over from one that ended', async () => {
    await using place = new TestPlace();
    const path = join(place.folder, 'stale.sock');
    // A socket file whose listener is gone without having removed it.
    Bun.spawnSync([
      'python3',
      '-c',
      'import socket, sys; s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1])',
      path,
    ]);
    const { code, err } = await place.run([place.python('stale', ECHO_PYTHON), '--runtime', 'docker'], {
      DOCKER_HOST: `unix://${path}`,
    });
    expect([code, err]).toEqual([
      1,
      expect.stringContaining(`No container engine answers at ${path} (DOCKER_HOST): nothing listens there`),
    ]);
  });
});

function socketOfEngine(): string {
  const address = engineAddress(hostOf([], { env: process.env, homeDir: process.env.HOME ?? '/' }));
  if (address.kind !== 'socket') throw new Error('these tests want an engine behind a socket');
  return address.path;
}

/** A port of 127.0.0.1 that leads to a socket; `rewrite` changes what comes back, and keeps its length. */
async function portFor(
  path: string,
  rewrite?: (text: string) => string,
): Promise<{ port: number } & AsyncDisposable> {
  const open = new Set<Socket>();
  const server: Server = createServer((from) => {
    const to = connect(path);
    const back = new Transform({
      transform: (chunk: Buffer, _, done) =>
        done(null, rewrite ? Buffer.from(rewrite(chunk.toString('latin1')), 'latin1') : chunk),
    });
    from.pipe(to).pipe(back).pipe(from);
    for (const [one, other] of [
      [from, to],
      [to, from],
    ] as const) {
      open.add(one);
      one.on('error', () => other.destroy());
    }
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', () => done()));
  return {
    port: (server.address() as { port: number }).port,
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      server.close();
    },
  };
}
