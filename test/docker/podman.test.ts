import { expect, setDefaultTimeout } from 'bun:test';
import Docker from 'dockerode';
import { dataImage } from '../support/docker/containers.ts';
import { LocalPlace } from '../support/docker/local-place.ts';
import { needs } from '../support/needs.ts';
import { ECHO_PYTHON, TestPlace } from '../support/test-place.ts';

/** Podman through its Docker-compatible API, which differs from Docker in what these tests look at. */
setDefaultTimeout(120_000);
const podmanTest = needs('podman');
const host = process.env.EASCMD_PODMAN_HOST ?? '';
const env = { DOCKER_HOST: host };
const podman = () => new Docker({ socketPath: host.replace('unix://', '') });
const image = ['--image', 'eascmd-test-python'];

/** Containers and volumes that are there. */
async function left() {
  const containers = await podman().listContainers({ all: true });
  return [containers.length, (await podman().listVolumes()).Volumes.length];
}

podmanTest('runs, answers, and leaves nothing: after its request, a signal and a crash', async () => {
  await using place = new TestPlace();
  const file = place.python('boxed', ECHO_PYTHON, { metadata: { cpu: 1, memory: 400 } });
  const { code, out, err } = await place.run([file, ...image, '-d', 'where'], env);
  expect([code, err]).toEqual([0, '']);
  expect(out).toMatch(/^\[OK\] Create docker: [0-9a-f]{64}$/m);
  expect(out).toContain('\n/home/admin/docker_ml/workspace/predictor/boxed\n');

  const test = place.start([file, ...image], env);
  await test.seen(/Ready\. Try/);
  expect(await left()).toEqual([1, 0]);
  test.io.signal('SIGINT');
  expect(await test.ended).toBe(130);

  expect((await place.run([file, ...image, '-d', 'segv'], env)).err).toContain('SIGSEGV');
  expect(await left()).toEqual([0, 0]);
  expect(place.leftovers()).toEqual([]);
});

podmanTest('memory that runs out, also for the host itself, is told with its limit', async () => {
  await using place = new TestPlace();
  const eats = place.python('eats', ECHO_PYTHON, { metadata: { memory: 400 } });
  const { code, err } = await place.run([eats, ...image, '-d', 'eat'], env);
  expect([code, err]).toEqual([1, expect.stringContaining('memory ran out (metadata.memory is 400 MB)')]);
  const tiny = place.python('tiny', ECHO_PYTHON, { metadata: { memory: 8 } });
  expect((await place.run([tiny, ...image, '-d', 'x'], env)).err).toContain(
    'memory ran out (metadata.memory is 8 MB)',
  );
});

podmanTest('an image that can not be had is told', async () => {
  await using place = new TestPlace();
  const absent = '127.0.0.1:9/eascmd/none:1';
  const { code, err } = await place.run([place.python('p', ECHO_PYTHON), '--image', absent], env);
  expect([code, err]).toEqual([
    1,
    expect.stringContaining(`The image ${absent} is not on this machine and can't be fetched: `),
  ]);
  expect(err).toContain('connection refused');
});

podmanTest('a GPU that it would leave out in silence is refused', async () => {
  await using place = new TestPlace();
  const file = place.python('gpu', ECHO_PYTHON, { metadata: { gpu: 1 } });
  const { code, err } = await place.run([file, ...image, '-d', 'x'], env);
  expect([code, err]).toEqual([
    1,
    expect.stringContaining("The container engine can't give the container a GPU (metadata.gpu is 1)"),
  ]);
  expect(await left()).toEqual([0, 0]);
});

podmanTest('the ENV of a data image is there, though podman fills no volume before a start', async () => {
  await using place = new TestPlace();
  await using _image = await dataImage(podman(), 'eascmd-test-data');
  const code = ECHO_PYTHON.replace("b'echo '", 'sys.executable.encode()');
  const file = place.python('data', code, { data_image: 'eascmd-test-data' });
  const { out, err } = await place.run([file, ...image, '-d', 'x'], env);
  expect([err, out]).toEqual(['', expect.stringContaining('/data/eas/ENV/bin/python')]);
  expect(await left()).toEqual([0, 0]);
});

podmanTest('Local EAS runs its instances there, and a killed daemon leaves none', async () => {
  await using place = new LocalPlace(env);
  await place.start('eascmd-test-python');
  expect((await place.eas('create', place.files.python('phoenix', ECHO_PYTHON))).code).toBe(0);
  expect((await place.eas('predict', 'phoenix', '-d', 'x')).out).toBe('echo x');
  const { pid } = JSON.parse((await place.run('local', 'status', '-o', 'json')).out);
  process.kill(pid, 'SIGKILL');
  for (let tries = 0; (await left())[0] !== 0; tries++) {
    if (tries > 300) throw new Error('the container is still there');
    await Bun.sleep(100);
  }
});
