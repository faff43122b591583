import { describe, expect, setDefaultTimeout } from 'bun:test';
import { gpuSettings, isGpuRefusal } from '../../src/docker/container/gpu.ts';
import { reasonOf } from '../../src/docker/engine/failure.ts';
import { containersOf, testEngine } from '../support/docker/containers.ts';
import { needs } from '../support/needs.ts';
import { ECHO_CPP, ECHO_PYTHON, TestPlace } from '../support/test-place.ts';

setDefaultTimeout(120_000);

const docker = (language: string) => ['--runtime', 'docker', '--image', `eascmd-test-${language}`];

/** Each failure with what the user sees; none leaves a container or a file. */
describe('a container that can not be had', () => {
  needs()('no engine runs', async () => {
    await using place = new TestPlace();
    const env = { DOCKER_HOST: `unix://${place.folder}/none.sock` };
    const { code, err } = await place.run([place.python('p', ECHO_PYTHON), '--runtime', 'docker'], env);
    expect(err).toContain(
      `No container engine answers at ${place.folder}/none.sock (DOCKER_HOST): there is no such socket`,
    );
    expect(err).toContain('--runtime process');
    expect([code, place.leftovers()]).toEqual([1, []]);
  });

  needs('docker')('the image is missing and there is no network', async () => {
    await using place = new TestPlace();
    const image = '127.0.0.1:9/eascmd/none:1';
    const { code, err, out } = await place.run([place.python('p', ECHO_PYTHON), '--image', image]);
    expect(out).toContain(`[OK] Pulling image: ${image}`);
    expect(err).toContain(`The image ${image} is not on this machine and can't be fetched`);
    expect([code, place.leftovers()]).toEqual([1, []]);
    const never = await place.run([place.python('p', ECHO_PYTHON), '--image', image, '--pull', 'never']);
    expect(never.err).toContain('--pull never forbids');
  });

  needs('docker-python')('the port is taken', async () => {
    await using place = new TestPlace();
    const taken = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } });
    try {
      const file = place.python('taken', ECHO_PYTHON);
      const { code, err } = await place.run([file, ...docker('python'), '--port', String(taken.port)]);
      expect(err).toContain(`the instance can't listen on 127.0.0.1:${taken.port}: the port is taken`);
      expect([code, await containersOf('taken')]).toEqual([1, []]);
    } finally {
      taken.stop();
    }
  });

  needs('docker-python')('the engine has no GPU to give', async () => {
    // Whatever runtimes this engine has, it refuses a device request without NVIDIA's toolkit.
    const engine = await testEngine();
    const { hostConfig } = gpuSettings(
      { count: 1, why: '' },
      { arch: 'x64', cpus: 1, runtimes: [], isRootless: false, isPodman: false },
    );
    const container = await engine.createContainer({
      Image: 'eascmd-test-python',
      Cmd: ['true'],
      HostConfig: hostConfig,
    });
    try {
      const refusal = await container.start().then(
        () => '',
        (error) => reasonOf(error),
      );
      expect(isGpuRefusal(refusal)).toBe(true);
    } finally {
      await container.remove({ force: true });
    }
  });

  needs('docker-python')('memory runs out while it serves', async () => {
    await using place = new TestPlace();
    const file = place.python('eats', ECHO_PYTHON, { metadata: { memory: 400 } });
    const { code, err } = await place.run([file, ...docker('python'), '-d', 'eat']);
    expect(err).toContain('memory ran out (metadata.memory is 400 MB)');
    expect([code, await containersOf('eats'), place.leftovers()]).toEqual([1, [], []]);
  });

  needs('docker-python')('memory too small for the host itself', async () => {
    await using place = new TestPlace();
    const file = place.python('tiny', ECHO_PYTHON, { metadata: { memory: 8 } });
    const { code, err } = await place.run([file, ...docker('python'), '-d', 'x']);
    expect(err).toContain('memory ran out (metadata.memory is 8 MB)');
    expect([code, await containersOf('tiny')]).toEqual([1, []]);
  });

  needs('docker-python')('the processor crashes during a request', async () => {
    await using place = new TestPlace();
    const { code, err } = await place.run([
      place.python('segv', ECHO_PYTHON),
      ...docker('python'),
      '-d',
      'segv',
    ]);
    expect(err).toContain('SIGSEGV');
    expect(err).toContain('about to crash');
    expect([code, await containersOf('segv')]).toEqual([1, []]);
  });

  needs('docker-cpp', 'g++')('the image has no interpreter for the processor', async () => {
    await using place = new TestPlace();
    const { code, err } = await place.run([place.python('nopy', ECHO_PYTHON), ...docker('cpp')]);
    expect(err).toContain('python3 is not there to run it');
    expect(code).toBe(1);
    const cpp = place.cpp(
      'needy',
      ECHO_CPP.replace('extern', 'extern "C" int absent_function(void);\nextern').replace(
        '*state = 0',
        '*state = absent_function()',
      ),
    );
    const missing = await place.run([cpp, ...docker('cpp')]);
    expect(missing.err).toContain('absent_function');
  });

  needs('docker-python')('a signal at each step of the start', async () => {
    await using place = new TestPlace();
    const file = place.python('steps', 'import time\nprint("begun", flush=True)\ntime.sleep(600)\n');
    for (const step of [undefined, /Create docker:/, /Serving at/, /\] begun$/m]) {
      const test = place.start([file, ...docker('python')]);
      if (step) await test.seen(step);
      else await Bun.sleep(150);
      test.io.signal('SIGINT');
      expect(await test.ended).toBe(130);
      expect([await containersOf('steps'), place.leftovers()]).toEqual([[], []]);
    }
  });
});
