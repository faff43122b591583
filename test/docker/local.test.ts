import { describe, expect, setDefaultTimeout } from 'bun:test';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { containersOf, dataImage, goneFrom, testEngine } from '../support/docker/containers.ts';
import { LocalPlace } from '../support/docker/local-place.ts';
import { needs } from '../support/needs.ts';
import { ECHO_CPP, ECHO_PYTHON } from '../support/test-place.ts';

setDefaultTimeout(120_000);

describe('Local EAS with --runtime docker', () => {
  needs('docker-python')(
    'runs every instance in a container, through scaling, restart and delete',
    async () => {
      await using place = new LocalPlace();
      await place.start('eascmd-test-python');
      const file = place.files.python('boxed', ECHO_PYTHON, { metadata: { instance: 1, memory: 512 } });
      const created = await place.eas('create', file);
      expect([created.code, created.out]).toEqual([0, expect.stringContaining('[OK] Service is running')]);
      expect((await place.eas('predict', 'boxed', '-d', 'where')).out).toBe(
        '/home/admin/docker_ml/workspace/predictor/boxed',
      );
      const [id] = await containersOf('boxed');
      const { Config: config, HostConfig: limits } = await (await testEngine()).getContainer(id!).inspect();
      expect(config.Labels['eascmd.local']).toBe(join(place.files.folder, '.eas/local'));
      expect(limits.Memory).toBe(512 * 1024 ** 2);

      expect((await place.eas('modify', 'boxed', '-Dmetadata.instance=2')).code).toBe(0);
      expect(await containersOf('boxed')).toHaveLength(2);
      expect((await place.eas('w', 'boxed')).out.match(/\[1\/1\]/g)).toHaveLength(2);
      expect((await place.eas('delete', 'boxed', '-y')).code).toBe(0);
      await goneFrom('boxed');
    },
  );

  needs(
    'docker-python',
    'docker-cpp',
    'g++',
  )('answers as eascmd test does, in each language', async () => {
    await using place = new LocalPlace();
    const described = {
      py: place.files.python('loc_py', ECHO_PYTHON),
      cpp: place.files.cpp('loc_cpp', ECHO_CPP),
    };
    const bytes = new Uint8Array(256).map((_, index) => index);
    writeFileSync(join(place.files.folder, 'all.bin'), bytes);
    for (const [language, service] of [
      ['python', 'loc_py'],
      ['cpp', 'loc_cpp'],
    ] as const) {
      await place.start(`eascmd-test-${language}`);
      expect((await place.eas('create', language === 'cpp' ? described.cpp : described.py)).code).toBe(0);
      const answer = await place.eas('predict', service, '-f', 'all.bin');
      expect([...answer.bytes]).toEqual([...Buffer.from('echo '), ...bytes]);
      expect((await place.eas('predict', service, '-d', 'fail')).err).toContain('bad data');
      await place.run('local', 'stop');
      await goneFrom(service);
    }
  });

  needs('docker-python')(
    'a killed daemon leaves no container, and the next start brings the service back',
    async () => {
      await using place = new LocalPlace();
      await place.start('eascmd-test-python');
      expect((await place.eas('create', place.files.python('phoenix', ECHO_PYTHON))).code).toBe(0);
      const { pid } = JSON.parse((await place.run('local', 'status', '-o', 'json')).out);
      process.kill(pid, 'SIGKILL');
      await goneFrom('phoenix');
      await place.start('eascmd-test-python');
      expect((await place.eas('wait', 'phoenix')).code).toBe(0);
      expect((await place.eas('predict', 'phoenix', '-d', 'x')).out).toBe('echo x');
      expect((await place.run('local', 'reset', '-y')).code).toBe(0);
      expect(await containersOf('phoenix')).toEqual([]);
    },
  );

  needs('docker-python')('takes the ENV of a data image, and tells a GPU that is not there', async () => {
    await using _image = await dataImage(await testEngine(), 'eascmd-test-local-data');
    await using place = new LocalPlace();
    await place.start('eascmd-test-python');
    const code = ECHO_PYTHON.replace("b'echo '", 'sys.executable.encode()');
    const file = place.files.python('boxed_env', code, { data_image: 'eascmd-test-local-data' });
    expect((await place.eas('create', file)).code).toBe(0);
    expect((await place.eas('predict', 'boxed_env', '-d', '!')).out).toBe('/data/eas/ENV/bin/python!');
    expect((await place.eas('delete', 'boxed_env', '-y')).code).toBe(0);
    await goneFrom('boxed_env');
    const cuda = place.files.python('cuda', ECHO_PYTHON, { cuda: '/no/such/cuda' });
    expect((await place.eas('create', cuda)).err).toContain('cuda: there is no folder /no/such/cuda');
  });

  needs('docker-python')('an instance that ran out of memory is shown as such, and comes back', async () => {
    await using place = new LocalPlace();
    await place.start('eascmd-test-python');
    const file = place.files.python('greedy', ECHO_PYTHON, { metadata: { instance: 1, memory: 400 } });
    expect((await place.eas('create', file)).code).toBe(0);
    expect((await place.eas('predict', 'greedy', '-d', 'eat')).code).toBe(1);
    const told = async () => {
      const { out } = await place.eas('w', 'greedy', '-o', 'json');
      return /OOMKilled|OutOfMemory|memory ran out/.test(out);
    };
    while (!(await told())) await Bun.sleep(200);
    expect((await place.eas('wait', 'greedy')).code).toBe(0);
    expect((await place.eas('predict', 'greedy', '-d', 'x')).out).toBe('echo x');
  });

  needs('docker-python')('an image that can not be had fails the service with the reason', async () => {
    await using place = new LocalPlace();
    await place.start('127.0.0.1:9/eascmd/none:1');
    const { code, err } = await place.eas(
      'create',
      place.files.python('imageless', ECHO_PYTHON),
      '--timeout',
      '60s',
    );
    expect([code, err]).toEqual([1, expect.stringContaining("can't be fetched")]);
  });

  needs()('says at once when there is no engine', async () => {
    await using place = new LocalPlace({ DOCKER_HOST: 'unix:///nowhere/docker.sock' });
    const { code, err } = await place.run('local', 'start', '--runtime', 'docker');
    expect([code, err]).toEqual([
      1,
      expect.stringContaining('No container engine answers at /nowhere/docker.sock'),
    ]);
  });
});
