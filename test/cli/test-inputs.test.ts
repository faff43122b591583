import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { PRESET_PROCESSORS } from '../../src/core/service/document/presets.ts';
import { type LiveLocal, liveLocal } from '../support/live-local.ts';
import { needs } from '../support/needs.ts';
import { ECHO_PYTHON } from '../support/test-place.ts';

setDefaultTimeout(90_000);
let local: LiveLocal;
beforeAll(async () => {
  local = await liveLocal();
});
afterAll(() => local?.stop());

const pythonTest = needs('python3');
const asProcess = ['--runtime', 'process'];

const READER = ECHO_PYTHON.replace(
  "if data == b'env':",
  `if data.startswith(b'read '):
            with open(data[5:].decode()) as file:
                return file.read().encode(), 200
        if data.startswith(b'of '):
            return os.environ.get(data[3:].decode(), 'none').encode(), 200
        if data == b'env':`,
);

/** Writes a package of READER and a description; returns the name of its file. */
function service(name: string, more: Record<string, unknown> = {}): string {
  local.write(`${name}/app.py`, READER);
  const document = {
    name,
    processor_path: `./${name}`,
    processor_type: 'python',
    processor_entry: './app.py',
    metadata: { instance: 1, cpu: 1 },
    ...more,
  };
  local.write(`${name}.json`, JSON.stringify(document));
  return `${name}.json`;
}

const uploaded = async (file: string, place: string) => {
  const { code, err } = await local.eas(['upload', file, '--to', place]);
  expect([code, err]).toEqual([0, '']);
};

describe('packages in the object store', () => {
  // proves: test (local)
  needs('python3')('an object and all below a prefix are fetched for eascmd test', async () => {
    local.write('app.py', READER);
    local.write('weights.txt', 'first');
    local.write('bias.txt', 'first');
    await uploaded('app.py', 'oss://eas-model-local/pack/');
    await uploaded('weights.txt', 'oss://eas-model-local/models/deep/');
    await uploaded('bias.txt', 'oss://eas-model-local/models/');
    for (const [path, entry] of [
      ['oss://eas-model-local/models/', 'deep/weights.txt'],
      ['oss://eas-model-local/models', 'bias.txt'],
      ['oss://eas-model-local/models/bias.txt', 'bias.txt'],
    ] as const) {
      const file = service('fetched', {
        processor_path: 'oss://eas-model-local/pack/app.py',
        model_path: path,
        // Of another region; Local EAS is its own store.
        oss_endpoint: 'oss-cn-beijing.aliyuncs.com',
      });
      const read = ['-d', `read ../../model/${entry}`, '-o', 'json'];
      const { code, out, err } = await local.eas(['test', file, ...asProcess, ...read]);
      expect([code, err]).toEqual([0, '']);
      expect(JSON.parse(out)).toMatchObject([{ status: 200, body: 'first' }]);
    }
  });

  pythonTest('what is not there is named', async () => {
    const file = service('absent', { model_path: 'oss://eas-model-local/nowhere/model.tar.gz' });
    const { code, err } = await local.eas(['test', file, ...asProcess, '-d', 'x']);
    expect([code, err]).toEqual([
      1,
      expect.stringContaining(
        'oss://eas-model-local/nowhere/model.tar.gz: the object store holds no such object, and nothing below it',
      ),
    ]);
    const slip = service('slip', { model_path: 'oss://Bucket/x' });
    expect((await local.eas(['test', slip, ...asProcess])).err).toContain(
      'model_path "oss://Bucket/x" names no valid bucket',
    );
  });

  test('without a configuration the credentials are asked for', async () => {
    const file = service('nobody', { model_path: 'oss://bucket/model.tar.gz' });
    const { code, err } = await local.run(['test', file, ...asProcess], { env: { HOME: '/nowhere' } });
    expect([code, err]).toEqual([4, expect.stringContaining('nothing is configured yet')]);
  });
});

describe('what user code finds', () => {
  pythonTest('SERVICE_CONFIG and config/config.json hold the description, without the token', async () => {
    const more = {
      token: 'very-secret',
      model_config: { a: [1] },
      metadata: { instance: 1, 'rpc.keepalive': 9000 },
    };
    const file = service('configured', more);
    const asks = [
      'of SERVICE_CONFIG',
      'read ../../config/config.json',
      'of WORKER_NAME',
      'of NAMESPACE',
      'of POD_NAME',
    ];
    const wanted = { name: 'configured', model_config: { a: [1] }, metadata: { 'rpc.keepalive': 9000 } };
    const answers = async (where: 'test' | 'create') => {
      if (where === 'test') {
        const { out } = await local.run([
          'test',
          file,
          ...asProcess,
          ...asks.flatMap((ask) => ['-d', ask]),
          '-o',
          'json',
        ]);
        return (JSON.parse(out) as { body: string }[]).map(({ body }) => body);
      }
      expect((await local.eas(['create', file])).code).toBe(0);
      return Promise.all(
        asks.map(async (ask) => (await local.eas(['predict', 'configured', '-d', ask])).out),
      );
    };
    for (const where of ['test', 'create'] as const) {
      const [environment, written, ...others] = await answers(where);
      for (const text of [environment!, written!]) {
        expect(JSON.parse(text)).toMatchObject(wanted);
        expect(text).not.toContain('very-secret');
      }
      expect(others).toEqual(['easworker', 'none', 'none']);
    }
    expect((await local.eas(['delete', 'configured', '-y'])).code).toBe(0);
  });

  pythonTest('warm-up requests come first, from a path relative to the description', async () => {
    const code = READER.replace(
      "if data == b'env':",
      "if data == b'warm':\n            os.environ['WARMED'] = 'yes'\n        if data == b'env':",
    );
    const file = service('warm', { warm_up_data_path: './warm.txt' });
    local.write('warm/app.py', code);
    local.write('warm.txt', 'warm\n');
    const tested = await local.run(['test', file, ...asProcess, '-d', 'of WARMED']);
    expect(tested.code).toBe(0);
    expect(tested.out).toMatch(/warm-up: 1 request answered[\s\S]*service start successfully[\s\S]*\nyes\n/);
    expect((await local.eas(['create', file])).code).toBe(0);
    expect((await local.eas(['logs', 'warm'])).out).toMatch(/warm-up: 1 requests? answered/);

    local.write('warm.txt', 'warm\nfail\n');
    const refused = await local.eas(['modify', 'warm', '-s', file]);
    expect([refused.code, refused.err]).toEqual([
      1,
      expect.stringContaining('warm-up request 2 of 2 was answered with status 400: bad data'),
    ]);
    // The version before it serves on.
    expect((await local.eas(['predict', 'warm', '-d', 'x'])).out).toBe('echo x');
    expect((await local.eas(['delete', 'warm', '-y'])).code).toBe(0);
  });

  pythonTest('a model folder without model_entry is given as the folder', async () => {
    local.write('model.v2/weights.txt', 'w');
    const file = service('foldered', { model_path: './model.v2' });
    const { code, out } = await local.run([
      'test',
      file,
      ...asProcess,
      '-d',
      'read ../model/weights.txt',
      '-o',
      'json',
    ]);
    expect([code, JSON.parse(out)]).toMatchObject([0, [{ body: 'w' }]]);
    expect((await local.eas(['create', file])).code).toBe(0);
    expect((await local.eas(['delete', 'foldered', '-y'])).code).toBe(0);
  });
});

describe('what this machine does not do', () => {
  pythonTest('is said on stderr by test, create and modify', async () => {
    const file = service('cloudy', {
      networking: { gateway: 'gw-1' },
      data_image: 'registry/image',
      metadata: { instance: 1, gpu: 1, 'rpc.batching': true, shm_size: 2 },
    });
    const said = [
      '[WARN] without effect on this machine, unlike in the cloud: networking, metadata.rpc.batching, metadata.shm_size\n',
      '[WARN] data_image is for --runtime docker: ',
    ];
    const tested = await local.run(['test', file, ...asProcess, '-d', 'x']);
    const created = await local.eas(['create', file]);
    const modified = await local.eas(['modify', 'cloudy', '-s', file]);
    for (const { code, err } of [tested, created, modified]) {
      expect(code).toBe(0);
      for (const line of said) expect(err.split(line)).toHaveLength(2);
    }
    expect((await local.eas(['delete', 'cloudy', '-y'])).code).toBe(0);
  });

  test.each([...PRESET_PROCESSORS])(
    'the preset processor %s is refused before anything starts',
    async (code) => {
      const document = {
        name: 'preset',
        processor: code,
        model_path: './m',
        metadata: { instance: 1, cpu: 1 },
      };
      local.write('preset.json', JSON.stringify(document));
      const tested = await local.run(['test', 'preset.json', ...asProcess]);
      expect([tested.code, tested.out]).toEqual([2, '']);
      expect(tested.err).toContain(
        `the preset processor "${code}" can't be run by eascmd test: only the cloud service has it`,
      );
      const created = await local.eas(['create', 'preset.json']);
      expect([created.code, created.out]).toEqual([1, '']);
      expect(created.err).toContain(
        `the preset processor ${code} needs the cloud service; Local EAS runs processors`,
      );
      expect((await local.eas(['ls', '-o', 'json'])).out).not.toContain('preset');
    },
  );

  test('every code of the reference is among them', () => {
    // eascmd.md 3.8
    const reference = `pmml tensorflow_cpu_1.12 tensorflow_cpu_1.14 tensorflow_cpu_1.15 tensorflow_gpu_1.12 tensorflow_gpu_1.14
      tensorflow_gpu_1.15 tensorflow_cpu_2.3 pytorch_cpu_1.6 pytorch_gpu_1.6 caffe_cpu caffe_gpu parameter_sever parameter_server
      alink_pai_processor xnn_cpu easy_vision_cpu_tf1.12_torch151 easy_vision_gpu_tf1.12_torch151 easy_vision_cpu_tf1.12
      easy_vision_gpu_tf1.12 easy_nlp_cpu_tf1.12 easy_nlp_gpu_tf1.12 easynlp easytransfer_cpu easytransfer_gpu
      easy_nlp_with_transformer_gpu blade_cpu blade_cuda10.0_beta mediaflow easycv triton easyrec-2.4 easyrec-3.0
      easyrec-torch-1.0 easyrec-torch-2.1 xgboost onnx_cu100 tensorflow_cpu easy_asr_gpu_tf1.12`;
    expect(reference.split(/\s+/).filter((code) => !PRESET_PROCESSORS.includes(code))).toEqual([]);
  });
});
