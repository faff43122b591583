import { describe, expect, setDefaultTimeout } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { containersOf, dataImage, goneFrom, testEngine } from '../support/docker/containers.ts';
import { needs } from '../support/needs.ts';
import { ECHO_CPP, ECHO_PYTHON, TestPlace } from '../support/test-place.ts';

setDefaultTimeout(120_000);
const docker = (language: string) => ['--runtime', 'docker', '--image', `eascmd-test-${language}`];
const PREFIX = /^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\] \[(\d+\.){3}\d+\] /;

describe('eascmd test in a container', () => {
  needs('docker-python')('prints the documented lines in their order', async () => {
    await using place = new TestPlace();
    const file = place.python('docker_lines', ECHO_PYTHON);
    const test = place.start([file, ...docker('python')]);
    await test.seen(/Ready\. Try/);
    await test.seen(/service start successfully/);
    const lines = test.io.out().split('\n');
    expect(lines[0]).toBe('[OK] Create docker from: eascmd-test-python');
    expect(lines[1]).toMatch(/^\[OK\] Create docker: [0-9a-f]{64}$/);
    expect(lines[2]).toMatch(/^\[OK\] Serving at: \[http:\/\/localhost:\d+\/api\/predict\/docker_lines\]$/);
    expect(lines[3]).toMatch(PREFIX);
    const texts = lines.filter((line) => PREFIX.test(line)).map((line) => line.replace(PREFIX, ''));
    expect(texts).toContain('Uncompressing processor[/home/admin/docker_ml/workspace/predictor]');
    expect(texts).toContain('loading');
    expect(await containersOf('docker_lines')).toEqual([lines[1]!.slice(-64)]);
    test.io.signal('SIGINT');
    expect(await test.ended).toBe(130);
    expect(await containersOf('docker_lines')).toEqual([]);
    expect(place.leftovers()).toEqual([]);
  });

  needs(
    'docker-python',
    'docker-cpp',
    'python3',
    'g++',
  )('answers byte for byte what the plain process answers, in each language', async () => {
    await using place = new TestPlace();
    const bytes = place.write(
      'all.bin',
      new Uint8Array(256).map((_, index) => index),
    );
    const python = place.python('same_py', ECHO_PYTHON);
    const cpp = place.cpp('same_cpp', ECHO_CPP);
    const requests = ['--request', bytes, '-d', '模型', '-d', '', '-o', 'json'];
    const answers: unknown[] = [];
    for (const [file, runtime] of [
      [python, ['--runtime', 'process']],
      [python, docker('python')],
      [cpp, ['--runtime', 'process']],
      [cpp, docker('cpp')],
    ] as const) {
      const { code, out, err } = await place.run([file, ...runtime, ...requests]);
      expect([code, err]).toEqual([0, '']);
      answers.push(JSON.parse(out).map(({ latencyMs: _, ...answer }: Record<string, unknown>) => answer));
    }
    for (const answer of answers) expect(answer).toEqual(answers[0]);
  });

  needs('docker-python')(
    'has both workspace paths, the limits of metadata, and no environment of ours',
    async () => {
      await using place = new TestPlace();
      place.write('m/m.txt', 'model');
      const file = place.python('placed', ECHO_PYTHON, {
        model_path: './m',
        metadata: { cpu: 0.5, memory: 512, shm_size: 1 },
      });
      const test = place.start([file, ...docker('python')], {
        EAS_ACCESS_KEY_SECRET: 'secret',
        MINE: 'mine',
      });
      const [, url] = await test.seen(/Serving at: \[(.*)\]/);
      const [, token] = await test.seen(/Authorization:([^']*)'/);
      const ask = async (body: string) =>
        (await fetch(url!, { method: 'POST', body, headers: { Authorization: token! } })).text();
      expect(await ask('where')).toMatch(/^\/home\/admin\/docker_ml\/workspace\/predictor\/placed$/);
      const env = await ask('env');
      expect(env).toContain('WORKER_NAME=easworker');
      expect(env).not.toContain('MINE=');
      const engine = await testEngine();
      const [id] = await containersOf('placed');
      const { HostConfig: limits, Mounts: mounts } = await engine.getContainer(id!).inspect();
      expect(limits).toMatchObject({ NanoCpus: 5e8, Memory: 512 * 1024 ** 2, ShmSize: 1024 ** 3 });
      expect(mounts.map(({ Destination }) => Destination).sort()).toEqual([
        '/eas/bin/eascmd',
        '/eas/log',
        '/eas/workspace',
        '/home/admin/docker_ml/workspace',
      ]);
    },
  );

  needs('docker-python')('reaches its model by every path that user code knows', async () => {
    await using place = new TestPlace();
    place.write('m/weights.txt', 'the weights');
    const code = ECHO_PYTHON.replace("return b'echo ' + data", "return open(data.decode(), 'rb').read()");
    const file = place.python('paths', code, { model_path: './m' });
    const paths = [
      '/home/admin/docker_ml/workspace/model/weights.txt',
      '/eas/workspace/model/weights.txt',
      '../../model/weights.txt',
      '../model/weights.txt',
      '/eas/workspace/predictor/paths/app.py',
    ];
    const asks = paths.flatMap((path) => ['-d', path]);
    const { code: exit, out, err } = await place.run([file, ...docker('python'), ...asks, '-o', 'json']);
    expect([exit, err]).toEqual([0, '']);
    const bodies = (JSON.parse(out) as { body: string }[]).map(({ body }) => body);
    expect(bodies).toEqual([...Array(4).fill('the weights'), code]);
  });

  needs('docker-python')('ends with the reason when somebody else removes its container', async () => {
    await using place = new TestPlace();
    const test = place.start([place.python('removed', ECHO_PYTHON), ...docker('python')]);
    await test.seen(/Ready\. Try/);
    const [id] = await containersOf('removed');
    await (await testEngine()).getContainer(id!).remove({ force: true });
    expect(await test.ended).toBe(1);
    expect(test.io.err()).toMatch(/the container (ended with code 137|was killed)/);
    expect(place.leftovers()).toEqual([]);
  });

  needs('docker-python')('starts again in a new container when a file changes', async () => {
    await using place = new TestPlace();
    place.write('m/weights.txt', 'first');
    const code = ECHO_PYTHON.replace(
      "return b'echo ' + data",
      "return open('../model/weights.txt', 'rb').read()",
    );
    const test = place.start([
      place.python('watched', code, { model_path: './m' }),
      ...docker('python'),
      '--watch',
    ]);
    const [, url] = await test.seen(/Serving at: \[(.*)\]/);
    const [, token] = await test.seen(/Authorization:([^']*)'/);
    const ask = async () =>
      (
        await fetch(url!.replace('localhost', '127.0.0.1'), {
          method: 'POST',
          body: 'x',
          headers: { Authorization: token! },
        })
      ).text();
    expect(await ask()).toBe('first');
    place.write('m/weights.txt', 'second');
    await test.seen(/Files have changed[\s\S]*Ready\. Try/);
    expect(await ask()).toBe('second');
    expect(await containersOf('watched')).toHaveLength(1);
    test.io.signal('SIGTERM');
    expect([await test.ended, await containersOf('watched')]).toEqual([143, []]);
  });

  needs('docker-python')('takes its ENV from a data image, and leaves no volume', async () => {
    await using place = new TestPlace();
    const engine = await testEngine();
    await using _image = await dataImage(engine, 'eascmd-test-data');
    const volumes = async () => (await engine.listVolumes()).Volumes.length;
    const before = await volumes();
    const code = ECHO_PYTHON.replace(
      "b'echo '",
      "open('/data/eas/mark', 'rb').read() + sys.executable.encode()",
    );
    const file = place.python('data', code, { data_image: 'eascmd-test-data' });
    const { out, err, code: exit } = await place.run([file, ...docker('python'), '-d', 'x']);
    expect([exit, err]).toEqual([0, '']);
    expect(out).toContain('here\n/data/eas/ENV/bin/python');
    expect(await volumes()).toBe(before);
    expect(await containersOf('data')).toEqual([]);
  });

  needs('docker-python')('leaves no container when it is killed', async () => {
    await using place = new TestPlace();
    const file = place.python('killed', ECHO_PYTHON);
    const child = Bun.spawn(
      [process.execPath, 'src/main.ts', 'test', `${place.folder}/${file}`, ...docker('python')],
      {
        env: { ...process.env, TMPDIR: place.scratch, HOME: place.folder },
        stdout: 'pipe',
      },
    );
    let text = '';
    for await (const chunk of child.stdout) {
      text += new TextDecoder().decode(chunk);
      if (text.includes('Ready. Try')) break;
    }
    expect(await containersOf('killed')).toHaveLength(1);
    child.kill('SIGKILL');
    await child.exited;
    await goneFrom('killed');
    expect(place.leftovers()).toHaveLength(1);
    const again = await place.run([file, ...docker('python'), '-d', 'x']);
    expect([again.code, place.leftovers()]).toEqual([0, []]);
  });

  needs('docker-nvidia', 'docker-python')(
    'asks the runtime nvidia for the GPUs that metadata.gpu names',
    async () => {
      await using place = new TestPlace();
      const file = place.python('gpu', ECHO_PYTHON, { metadata: { gpu: 2 } });
      const { code, out } = await place.run([file, ...docker('python'), '-d', 'env']);
      expect(code).toBe(0);
      const record = readFileSync(process.env.EASCMD_NVIDIA_RECORD!, 'utf8').split('\n');
      for (const line of ['NVIDIA_VISIBLE_DEVICES=0,1', 'NVIDIA_DRIVER_CAPABILITIES=compute']) {
        expect(record.some((found) => found.startsWith(line.split(',')[0]!))).toBe(true);
        expect(out).toContain(line);
      }
    },
  );

  needs('docker-nvidia', 'docker-python')(
    'mounts the CUDA folder that is named, and asks for all GPUs',
    async () => {
      await using place = new TestPlace();
      const cuda = join(place.folder, 'cuda-11');
      place.write('cuda-11/version.txt', 'CUDA 11 it is');
      const code = ECHO_PYTHON.replace(
        "return b'echo ' + data",
        "return open('/usr/local/cuda/version.txt', 'rb').read() + os.environ['NVIDIA_VISIBLE_DEVICES'].encode()",
      );
      const { code: exit, out } = await place.run([
        place.python('cuda', code, { cuda }),
        ...docker('python'),
        '-d',
        'x',
      ]);
      expect([exit, out]).toEqual([0, expect.stringContaining('CUDA 11 it isall')]);
      const missing = place.python('no_cuda', code, { cuda: join(place.folder, 'absent') });
      expect((await place.run([missing, ...docker('python')])).err).toContain('cuda: there is no folder ');
    },
  );

  needs('docker-python')(
    'leaves nothing after thirty starts and stops',
    async () => {
      await using place = new TestPlace();
      const file = place.python('again', ECHO_PYTHON);
      const engine = await testEngine();
      const count = async () => [
        (await engine.listContainers({ all: true, filters: '{"label":["eascmd.service=again"]}' })).length,
        (await engine.listVolumes()).Volumes.length,
      ];
      const before = await count();
      for (let round = 0; round < 10; round++) {
        const three = Array.from({ length: 3 }, () => place.run([file, ...docker('python'), '-d', 'x']));
        expect((await Promise.all(three)).map(({ code }) => code)).toEqual([0, 0, 0]);
      }
      expect(await count()).toEqual(before);
      expect(place.leftovers()).toEqual([]);
    },
    180_000,
  );
});
