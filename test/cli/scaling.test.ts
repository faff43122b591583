import { describe, expect, test } from 'bun:test';
import { EasError } from '../../src/core/errors.ts';
import type { Autoscaler, Cronscaler } from '../../src/core/scaling/api.ts';
import { localTime } from '../../src/ui/times.ts';
import { looks, runScripted, serviceOf } from '../support/scripted-eas.ts';
import { temporaryFolder } from '../support/temporary.ts';

const RequestId = 'DE240637-4976-59AF-A28C-BAA55C0A0000';
const name = 'savedmodel_example';
const enabled = (more: object) => looks(serviceOf('Running', more));
const autoscaler: Autoscaler = {
  RequestId,
  ServiceName: name,
  MinReplica: 1,
  MaxReplica: 5,
  ScaleStrategies: [
    { metricName: 'QPS', threshold: 10, service: name },
    { metricName: 'CPU', threshold: 60, service: 'front' },
  ],
  CurrentMetrics: [{ metricName: 'QPS', service: name, value: 7.5 }],
  Behavior: { scaleDown: { stabilizationWindowSeconds: 300 } },
};
const cronscaler: Cronscaler = {
  RequestId,
  ServiceName: name,
  ExcludeDates: ['* * * * * 6,0'],
  ScaleJobs: [
    {
      Name: 'scale-jobs-0',
      Schedule: '0 15,45 * * * *',
      TargetSize: 2,
      State: 'Succeed',
      LastProbeTime: '2026-11-22T09:15:00Z',
      Message: 'cron hpa job scale-jobs-0 executed successfully. current replicas:3, desired replicas:2.',
    },
  ],
};

/** Runs with a file `scale.json` in the current folder. */
async function run(argv: string[], script: object, file = '') {
  using folder = temporaryFolder();
  folder.write('scale.json', file);
  return await runScripted(argv, script, { host: { cwd: folder.path } });
}

describe('autoscale', () => {
  test('-D makes an autoscaler; the answer is what the API says', async () => {
    const sent: unknown[] = [];
    const { code, out } = await run(
      ['autoscale', `cn-shanghai/${name}`, '-Dmin=1', '-Dmax=5', '-Dstrategies.qps=10'],
      {
        describeService: enabled({ AutoscalerEnabled: false }),
        createAutoscaler: async (...args: unknown[]) => {
          sent.push(...args);
          return { RequestId, Message: `Succeed to auto scale service [${name}]` };
        },
      },
    );
    expect(sent).toEqual([name, { min: 1, max: 5, scaleStrategies: [{ metricName: 'qps', threshold: 10 }] }]);
    expect([code, out]).toEqual([
      0,
      `[RequestId]: ${RequestId}\n[OK] Succeed to auto scale service [${name}]\n`,
    ]);
  });

  test('-D changes the autoscaler that is set, -s replaces it', async () => {
    const sent: unknown[] = [];
    const script = {
      describeService: enabled({ AutoscalerEnabled: true }),
      describeAutoscaler: async () => autoscaler,
      updateAutoscaler: async (_name: string, settings: unknown) => {
        sent.push(settings);
        return { RequestId, Message: 'm' };
      },
    };
    expect((await run(['autoscale', name, '-Dmax=9'], script)).code).toBe(0);
    const file = '{"min":2,"max":3,"strategies":{"cpu":50}}';
    expect((await run(['autoscale', name, '-s', 'scale.json'], script, file)).code).toBe(0);
    expect(sent).toEqual([
      {
        min: 1,
        max: 9,
        scaleStrategies: [
          { metricName: 'qps', threshold: 10 },
          { metricName: 'cpu', threshold: 60, service: 'front' },
        ],
        behavior: { scaleDown: { stabilizationWindowSeconds: 300 } },
      },
      { min: 2, max: 3, scaleStrategies: [{ metricName: 'cpu', threshold: 50 }] },
    ]);
  });

  test('without options it shows what is set and measured', async () => {
    const { code, out } = await run(['autoscale', name], { describeAutoscaler: async () => autoscaler });
    expect(code).toBe(0);
    expect(out).toBe(`+--------------------------------------+-----------------------+
|                          ServiceName | savedmodel_example    |
|                           MinReplica | 1                     |
|                           MaxReplica | 5                     |
|                                  QPS | threshold 10, now 7.5 |
|                                  CPU | threshold 60 of front |
| scaleDown.stabilizationWindowSeconds | 300                   |
+--------------------------------------+-----------------------+
`);
    const json = await run(['autoscale', name, '-o', 'json'], { describeAutoscaler: async () => autoscaler });
    expect(JSON.parse(json.out)).toEqual(autoscaler);
  });

  test('rm removes it', async () => {
    const { code, out } = await run(['autoscale', 'rm', name], {
      deleteAutoscaler: async () => ({
        RequestId,
        Message: `Autoscaler for service [${name}] deleted successfully`,
      }),
    });
    expect(code).toBe(0);
    expect(out).toEndWith(`[OK] Autoscaler for service [${name}] deleted successfully\n`);
  });

  test.each([
    [['autoscale'], "Missing required argument 'service_name'"],
    [['autoscale', 'rn', name], 'autoscale knows no "rn"'],
    [['autoscale', 'rm', name, '-Dmin=1'], 'rm takes neither -D nor -s'],
    [['autoscale', `cn-beijing/${name}`], 'the endpoint is that of [cn-shanghai]'],
    [['autoscale', '/x'], 'is not [region/]service_name'],
    [['autoscale', 'a/b/c'], 'is not [region/]service_name'],
    [['autoscale', name, '-Dmin=x'], '-Dmin: min must be a whole number'],
    [['autoscale', name, '-Dmin=5', '-Dmax=2', '-Dstrategies.qps=1'], 'greater than min (5)'],
    [['autoscale', name, '-s', 'nothing.json'], "Can't read nothing.json"],
    [['autoscale', name, '-s', 'scale.json'], 'scale.json:1:1: the file is empty'],
  ])('%j is refused before anything is sent', async (argv, what) => {
    const { code, out, err } = await run(argv, {});
    expect(err).toContain(what);
    expect([code, out]).toEqual([2, '']);
  });

  test('an incomplete first setting is told', async () => {
    const { code, err } = await run(['autoscale', name, '-Dmin=1'], {
      describeService: enabled({ AutoscalerEnabled: false }),
    });
    expect(err).toContain('needs "max"');
    expect(code).toBe(2);
  });

  test('a service without autoscaler is the error of the API', async () => {
    const { code, err } = await run(['autoscale', name], {
      describeAutoscaler: () =>
        Promise.reject(new EasError({ code: 'InvalidAutoScaler.NotFound', message: 'none', status: 404 })),
    });
    expect(err).toContain('InvalidAutoScaler.NotFound');
    expect(code).toBe(1);
  });
});

describe('cronscale', () => {
  const file = JSON.stringify({
    ExcludeDates: ['* * * * * 6,0'],
    ScaleJobs: [{ Schedule: '0 15,45 * * * *', TargetSize: 6 }],
  });

  test.each([
    [false, 'createCronscaler'],
    [true, 'updateCronscaler'],
  ])('-s when one is set: %p', async (isSet, operation) => {
    const sent: unknown[] = [];
    const { code, out } = await run(
      ['cronscale', name, '-s', 'scale.json'],
      {
        describeService: enabled({ CronscalerEnabled: isSet }),
        [operation]: async (...args: unknown[]) => {
          sent.push(...args);
          return { RequestId, Message: 'done' };
        },
      },
      file,
    );
    expect([code, out]).toEqual([0, `[RequestId]: ${RequestId}\n[OK] done\n`]);
    expect(sent).toEqual([name, JSON.parse(file)]);
  });

  test('without options it shows the jobs', async () => {
    const { code, out } = await run(['cronscale', name], { describeCronscaler: async () => cronscaler });
    expect(code).toBe(0);
    expect(out).toContain('|     NAME     |    SCHEDULE     | TARGETSIZE |  STATE  |    LASTPROBETIME    |');
    expect(out).toContain(
      `| scale-jobs-0 | 0 15,45 * * * * |          2 | Succeed | ${localTime('2026-11-22T09:15:00Z')} | cron hpa job scale-jobs-0 `,
    );
    expect(out).toEndWith('ExcludeDates: * * * * * 6,0\n');
  });

  test('rm removes it', async () => {
    const { code, out } = await run(['cronscale', 'rm', `cn-shanghai/${name}`], {
      deleteCronscaler: async () => ({ RequestId, Message: 'deleted' }),
    });
    expect([code, out]).toEqual([0, `[RequestId]: ${RequestId}\n[OK] deleted\n`]);
  });

  test.each([
    [['cronscale'], '', "Missing required argument 'service_name'"],
    [['cronscale', 'rm', name, '-s', 'scale.json'], file, 'rm takes no -s'],
    [['cronscale', name, '-Dx=1'], '', "Unknown option '-Dx=1'"],
    [['cronscale', name, '-s', 'scale.json'], file.replace('15,45', '15,65'), 'scale.json:1:'],
    [['cronscale', name, '-s', 'scale.json'], file.replace('15,45', '15,65'), 'minute: "65"'],
    [['cronscale', name, '-s', 'nothing.json'], '', "Can't read nothing.json"],
  ])('%j is refused before anything is sent', async (argv, text, what) => {
    const { code, out, err } = await run(argv, {}, text);
    expect(err).toContain(what);
    expect([code, out]).toEqual([2, '']);
  });
});
