import { describe, expect, test } from 'bun:test';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { runCli } from '../../src/cli/run.ts';
import type { Clients } from '../../src/commands/clients.ts';
import type { Service } from '../../src/core/service/model.ts';
import { fakeIo } from '../support/fake-io.ts';
import { hostOf, looks, runScripted, serviceOf } from '../support/scripted-eas.ts';
import { temporaryFolder } from '../support/temporary.ts';

/**
 * Transcripts of eascmd.md section 2 in all their variants, each as it stands there; what the page itself masks or shortens
 * (`****`, `<url>`) is kept. Those of 2.4 (S/N), 2.5, 2.6 and 2.10 stand in waits.test.ts and blue-green.test.ts, tables in
 * test/unit/views/samples.ts.
 */
describe('2.2 config', () => {
  test('says where it saved', async () => {
    using home = temporaryFolder();
    const io = fakeIo();
    const argv = ['config', '-i', 'LTAI', '-k', 'secret', '-e', 'pai-eas.cn-shanghai.aliyuncs.com'];
    const code = await runCli(hostOf(argv, { homeDir: home.path }), io);
    expect([code, io.err()]).toEqual([0, '']);
    expect(io.out().replace(home.path, '/Users/test')).toBe(
      'Configuration saved to: /Users/test/.eas/config\n',
    );
  });
});

describe('2.3 upload', () => {
  async function upload(argv: string[], file: string, sizeBytes: number, uid: string) {
    using folder = temporaryFolder();
    mkdirSync(join(folder.path, file, '..'), { recursive: true });
    folder.write(file, 'x'.repeat(sizeBytes));
    const place = {
      bucket: 'eas-model-shanghai',
      isOwnBucket: false,
      objectStoreUrl: 'http://oss-cn-shanghai.aliyuncs.com',
      internalObjectStoreUrl: 'http://oss-cn-shanghai-internal.aliyuncs.com',
    };
    const store = {
      upload: async (_path: string, { bucket, key }: { bucket: string; key: string }) => ({
        url: `oss://${bucket}/${key}`,
        sizeBytes,
        skippedBytes: 0,
        isUnchanged: false,
      }),
    };
    const clients = {
      settings: async () => ({ upload: async () => place }),
      objectStore: async () => store,
      uid: async () => uid,
    } as unknown as Partial<Clients>;
    return await runScripted(['upload', file, ...argv], {}, { host: { cwd: folder.path }, clients });
  }

  test('of the manual, with the folder kept as it was typed', async () => {
    const file = 'savedmodel_example/savedmodel_example.tar.gz';
    const { out, err } = await upload([], file, 33_013, '182848887922****');
    expect(err).toBe('');
    expect(out).toBe(`[OK] oss endpoint:    [http://oss-cn-shanghai.aliyuncs.com]
[OK] oss target path: [oss://eas-model-shanghai/182848887922****/savedmodel_example/savedmodel_example.tar.gz]
Succeed: Total num: 1, size: 33,013. OK num: 1(upload 1 files).
`);
  });

  test('of R1, --inner', async () => {
    const { out } = await upload(['--inner'], 'saved_model.zip', 33_013, '285214123744772539');
    expect(out).toBe(`[OK] oss endpoint:    [http://oss-cn-shanghai-internal.aliyuncs.com]
[OK] oss target path: [oss://eas-model-shanghai/285214123744772539/saved_model.zip]
Succeed: Total num: 1, size: 33,013. OK num: 1(upload 1 files).
`);
  });
});

describe('2.4 create', () => {
  const RequestId = '1651567F-8F8D-4A2B-933D-F8D3E2DD****';
  const building = (Message: string) => serviceOf('Creating', { Message, AccessToken: 'T' });

  async function create(name: string, seen: Service[], argv: string[] = [], made = name) {
    using folder = temporaryFolder();
    const metadata = { instance: 1, cpu: 1 };
    const document = { name, processor: 'pmml', model_path: 'http://m/x.pmml', metadata };
    folder.write('service.json', JSON.stringify(document));
    const reply = { ServiceId: 'eas-m-1', Region: 'cn-shanghai', Status: 'Creating', RequestId };
    const script = {
      createService: async () => ({ ...reply, ServiceName: made }),
      describeService: looks<Service>(...seen),
    };
    const ran = await runScripted(['create', 'service.json', ...argv], script, {
      host: { cwd: folder.path },
    });
    expect([ran.code, ran.err]).toEqual([0, '']);
    return ran.out.slice(ran.out.lastIndexOf('-+\n') + 3);
  }
  const waiting = serviceOf('Waiting');
  const running = serviceOf('Running');

  test('of R1 (2021-06): a processor that needs an image', async () => {
    const lines = [
      'Service is now creating',
      'Downloading http file: `<url>`',
      'Successfully downloaded all artifacts',
      'Building image `<img>`',
      'Pushing image `<img>`',
      'Successfully pushed image `<img>`',
      'Successfully created ingress',
      'Successfully synchronized resources',
    ];
    const seen = [building(lines[0]!), ...lines.map(building), waiting, running];
    expect(await create('cifar10', seen)).toBe(`[OK] Service is now creating
[OK] Downloading http file: \`<url>\`
[OK] Successfully downloaded all artifacts
[OK] Building image \`<img>\`
[OK] Pushing image \`<img>\`
[OK] Successfully pushed image \`<img>\`
[OK] Successfully created ingress
[OK] Successfully synchronized resources
[OK] Waiting [Total: 1, Pending: 1, Running: 0]
[OK] Running [Total: 1, Pending: 0, Running: 1]
[OK] Service is running
`);
  });

  test('of R2: no image', async () => {
    const phases = ['Service is now deploying', 'Successfully synchronized resources'].map(building);
    // Looks come every 0.2 s at first; the line stands again after 3 s.
    const seen = [phases[0]!, ...phases, ...Array(16).fill(waiting), running];
    expect(await create('test_triton_processor', seen)).toBe(`[OK] Service is now deploying
[OK] Successfully synchronized resources
[OK] Waiting [Total: 1, Pending: 1, Running: 0]
[OK] Waiting [Total: 1, Pending: 1, Running: 0]
[OK] Running [Total: 1, Pending: 0, Running: 1]
[OK] Service is running
`);
  });

  test('of a Python processor (2019-08)', async () => {
    const lines = [
      'Waiting task server to be ready',
      'Fetching processor from [oss://…]',
      'Building image [img]',
      'Pushing image [img]',
    ];
    const seen = [building(lines[0]!), ...lines.map(building), waiting, running];
    expect(await create('pysdk_demo', seen)).toBe(`[OK] Waiting task server to be ready
[OK] Fetching processor from [oss://…]
[OK] Building image [img]
[OK] Pushing image [img]
[OK] Waiting [Total: 1, Pending: 1, Running: 0]
[OK] Running [Total: 1, Pending: 0, Running: 1]
[OK] Service is running
`);
  });

  test('of create -r: no gateway is made', async () => {
    const twin = 'savedmodel_example_9c16a222';
    const seen = ['Building image [img]', 'Building image [img]', 'Pushing image [img]'].map(building);
    expect(
      await create('savedmodel_example', [...seen, waiting, running], ['-r'], twin),
    ).toBe(`[OK] Building image [img]
[OK] Pushing image [img]
[OK] Waiting [Total: 1, Pending: 1, Running: 0]
[OK] Running [Total: 1, Pending: 0, Running: 1]
[OK] Service is running
`);
  });
});

/** Section 2.17 has no samples; it names what is plausible, and that is held here. */
describe.each([
  ['start', 'startService', 'is starting', 'Starting', 'Running', 'Service is running'],
  ['stop', 'stopService', 'is stopping', 'Stopping', 'Stopped', 'Service is stopped'],
] as const)('2.17 %s', (verb, operation, message, during, after, last) => {
  test('RequestId, message of the API, counters, last line', async () => {
    const Message = `Service [foo] in region [cn-shanghai] ${message}`;
    const before = serviceOf(after === 'Running' ? 'Stopped' : 'Running');
    const counts = { RunningInstance: 0, PendingInstance: 1 };
    const { code, out, err } = await runScripted([verb, 'foo'], {
      [operation]: async () => ({ RequestId: 'R', Message }),
      describeService: looks<Service>(before, serviceOf(during, counts), serviceOf(after, counts)),
    });
    expect([code, err]).toEqual([0, '']);
    expect(out).toBe(`[RequestId]: R
[OK] ${Message}
[OK] ${during} [Total: 1, Pending: 1, Running: 0]
[OK] ${after} [Total: 1, Pending: 1, Running: 0]
[OK] ${last}
`);
  });
});
