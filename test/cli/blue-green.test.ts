import { describe, expect, test } from 'bun:test';
import type { PredictClient } from '../../src/cloud/predict/client.ts';
import { EasError } from '../../src/core/errors.ts';
import type { Instance, Service, ServiceDocument } from '../../src/core/service/model.ts';
import { looks, runScripted, serviceOf } from '../support/scripted-eas.ts';
import { temporaryFolder } from '../support/temporary.ts';

const RequestId = '9258EEDE-6F99-4C3B-841B-B6E9774F0000';
const twin = 'savedmodel_example_9c16a222';

describe('create -r', () => {
  test('prints 2.4 with the name that the system made', async () => {
    const IntranetEndpoint = `http://pai-eas-vpc.cn-shanghai.aliyuncs.com/api/predict/${twin}`;
    const asked: unknown[] = [];
    using folder = temporaryFolder();
    folder.write(
      'service.json',
      '{"name":"savedmodel_example","processor":"pmml","model_path":"http://m/x.pmml","metadata":{"instance":1}}',
    );
    const { code, out } = await runScripted(
      ['create', 'service.json', '-r'],
      {
        createService: async (document: ServiceDocument, options?: object) => {
          asked.push(document.name, options);
          return {
            RequestId,
            ServiceId: 'eas-m-2',
            ServiceName: twin,
            Region: 'cn-shanghai',
            Status: 'Creating',
            IntranetEndpoint,
          };
        },
        describeService: looks<Service>(
          serviceOf('Creating', {
            ServiceName: twin,
            Message: 'Building image [i]',
            AccessToken: 'dG9rZW4=',
          }),
          serviceOf('Waiting', { ServiceName: twin }),
          serviceOf('Running', { ServiceName: twin }),
        ),
      },
      { host: { cwd: folder.path } },
    );
    expect(asked).toEqual(['savedmodel_example', { isAssociated: true }]);
    expect(code).toBe(0);
    expect(out).toStartWith(`[RequestId]: ${RequestId}
+-------------------+-------------------------------------------------------------------------------------+
| Intranet Endpoint | http://pai-eas-vpc.cn-shanghai.aliyuncs.com/api/predict/savedmodel_example_9c16a222 |
|             Token | dG9rZW4=                                                                            |
+-------------------+-------------------------------------------------------------------------------------+
`);
    expect(out).toEndWith('[OK] Service is running\n');
  });
});

describe('release', () => {
  const releaseService = async () => ({ RequestId, Message: 'Releasing service' });

  test('prints the transcript of eascmd.md 2.5', async () => {
    const { code, out, err } = await runScripted(
      ['release', twin, '-w', '20'],
      { releaseService },
      { stdin: 'Y\n' },
    );
    expect(err).toBe('Confirmed to release this service at weight [20%]? [Y/n] \n');
    expect(out).toBe(`[RequestId]: ${RequestId}
[OK] Service [savedmodel_example_9c16a222] is weighted to 20% now
`);
    expect(code).toBe(0);
  });

  test.each([['0'], ['100'], ['7']])('weight %s is sent as a number', async (weight) => {
    const sent: unknown[] = [];
    const { code } = await runScripted(['release', twin, '-w', weight, '-y'], {
      releaseService: async (name: string, value: number) => {
        sent.push(name, value);
        return { RequestId, Message: '' };
      },
    });
    expect([code, sent]).toEqual([0, [twin, Number(weight)]]);
  });

  test.each([['101'], ['-1'], ['20%'], ['half'], ['2.5']])(
    'weight %p is refused before anything is asked or sent',
    async (weight) => {
      const { code, out, err } = await runScripted(['release', twin, `--weight=${weight}`], {});
      expect(err).toContain(`--weight ${JSON.stringify(weight)} is not a whole number between 0 and 100`);
      expect([code, out]).toEqual([2, '']);
    },
  );

  test.each([
    [['release', twin], 'How much of the traffic', '-w 20'],
    [['release', '-w', '20'], "Missing required argument 'service_name'", 'eascmd'],
    [['release', twin, '--wieght', '20'], "Unknown option '--wieght'", 'Did you mean --weight?'],
  ])('%j is wrong usage', async (argv, what, hint) => {
    const { code, err } = await runScripted(argv, {});
    expect(err).toContain(what);
    expect(err).toContain(hint);
    expect(code).toBe(2);
  });

  test('a no releases nothing', async () => {
    const { code, err } = await runScripted(['release', twin, '-w', '20'], {}, { stdin: 'n\n' });
    expect(err).toContain(`Service [${twin}] was not released`);
    expect(code).toBe(1);
  });
});

describe('predict at an entrance whose first service is deleted', () => {
  const entrance = 'http://1.vpc.cn-shanghai.pai-eas.aliyuncs.com/api/predict/savedmodel_example';
  const gone = new EasError({ code: 'InvalidService.NotFound', message: 'is not found', status: 404 });
  async function predict(twins: Record<string, string>) {
    const services = Object.entries(twins).map(([ServiceName, IntranetEndpoint]) =>
      serviceOf('Running', { ServiceName, IntranetEndpoint, AccessToken: `token of ${ServiceName}` }),
    );
    const page = { RequestId, PageNumber: 1, PageSize: 100, TotalCount: services.length };
    const sent: unknown[] = [];
    const predictor = {
      predict: async ({ url, token }: { url: string; token?: string }) => {
        sent.push(url, token);
        return { status: 200, latencyMs: 1, body: new TextEncoder().encode('answer') };
      },
      close: async () => {},
    } as unknown as PredictClient;
    const ran = await runScripted(
      ['predict', 'savedmodel_example', '-d', 'x'],
      {
        describeService: async (name: string) => {
          const found = services.find(({ ServiceName }) => ServiceName === name);
          if (!found) throw gone;
          return found;
        },
        listServices: async () => ({ ...page, Services: services }),
      },
      { clients: { predictor: async () => predictor } },
    );
    return { ...ran, sent };
  }

  test('goes to the service that answers there now, with its token', async () => {
    const { code, out, sent } = await predict({
      savedmodel_example_old: entrance,
      savedmodel_example_0a1b2c3d: `${entrance}_0a1b2c3d`,
      [twin]: entrance,
    });
    expect([code, out]).toEqual([0, 'answer']);
    expect(sent).toEqual([entrance, `token of ${twin}`]);
  });

  test('fails with the answer of the API when nobody does', async () => {
    const { code, err, sent } = await predict({ [twin]: `${entrance}_9c16a222` });
    expect([code, sent]).toEqual([1, []]);
    expect(err).toContain('InvalidService.NotFound');
  });
});

describe('dw', () => {
  const name = 'mnist_saved_model_example';
  const instance = 'mnist-saved-model-example-69cf5dd6c7-5aaaa';
  const listServiceInstances = async () => ({
    RequestId,
    PageNumber: 1,
    PageSize: 100,
    TotalCount: 2,
    Instances: [{ InstanceName: instance }, { InstanceName: 'other-1' }] as Instance[],
  });
  const Message = `Instance(s) [${instance}] for service [${name}] in region [cn-shanghai] was deleted successfully`;

  test('prints the transcript of eascmd.md 2.10', async () => {
    const { code, out, err } = await runScripted(
      ['dw', name, instance],
      { listServiceInstances, deleteServiceInstances: async () => ({ RequestId, Message }) },
      { stdin: 'Y\n' },
    );
    expect(err).toBe(
      `Are you sure to delete the instances [${instance}] of service [${name}] in [cn-shanghai]? [Y/n] \n`,
    );
    expect(out).toBe(`[RequestId]: ${RequestId}\n[OK] ${Message}\n`);
    expect(code).toBe(0);
  });

  test('several names go in one call, each once', async () => {
    const sent: unknown[] = [];
    const { code } = await runScripted(['deleteworkers', name, `other-1, ${instance},other-1`, '-y'], {
      listServiceInstances,
      deleteServiceInstances: async (_service: string, names: string[]) => {
        sent.push(names);
        return { RequestId, Message };
      },
    });
    expect([code, sent]).toEqual([0, [['other-1', instance]]]);
  });

  test.each([
    ['other-2', `Service [${name}] has no instance [other-2]`, 'did you mean other-1?'],
    ['far_away', `Service [${name}] has no instance [far_away]`, `eascmd w ${name}`],
    ['other-1,', 'has an empty name', 'one comma'],
    [',', 'has an empty name', 'one comma'],
    ['', '<instance_names> is empty', 'a variable of your script'],
  ])('%p is refused', async (names, what, hint) => {
    const { code, err } = await runScripted(['dw', name, names, '-y'], { listServiceInstances });
    expect(err).toContain(what);
    expect(err).toContain(hint);
    if (what.includes('no instance')) expect(err).toContain(`    ${instance}`);
    expect(code).toBe(2);
  });
});
