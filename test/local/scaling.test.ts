import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { LocalUnderTest, type Reply, serviceJson } from './support.ts';

const LIMIT_MS = 60_000;
let local: LocalUnderTest;
beforeAll(async () => {
  local = await new LocalUnderTest().start();
  await local.create('busy');
});
afterAll(() => local.end());

const path = 'services/local/busy/autoscaler';
const body = { min: 1, max: 3, scaleStrategies: [{ metricName: 'qps', threshold: 5 }] };

async function instances(name: string, count: number): Promise<Reply> {
  for (;;) {
    const service = await local.service(name);
    if (service.TotalInstance === count && service.RunningInstance === count) return service;
    await Bun.sleep(20);
  }
}

describe('autoscaler', () => {
  test('is absent at first', async () => {
    expect((await local.service('busy')).AutoscalerEnabled).toBe(false);
    for (const method of ['GET', 'DELETE'])
      expect(await local.refused(method, path)).toMatchObject({
        status: 404,
        code: 'InvalidAutoScaler.NotFound',
      });
    expect(await local.refused('PUT', path, {}, body)).toMatchObject({ code: 'InvalidAutoScaler.NotFound' });
    expect(await local.refused('GET', 'services/local/nobody/autoscaler')).toMatchObject({
      code: 'InvalidService.NotFound',
    });
  });

  test.each([
    [{ max: 3, scaleStrategies: body.scaleStrategies }, 'min is missing'],
    [{ min: 1, scaleStrategies: body.scaleStrategies }, 'max is missing'],
    [{ ...body, min: 3 }, 'max must be greater than min'],
    [{ ...body, min: 4 }, 'max must be greater than min'],
    [{ ...body, min: -1 }, 'min must be a whole number from 0 to 100'],
    [{ ...body, max: 101 }, 'max must be a whole number from 1 to 100'],
    [{ ...body, max: '3' }, 'max must be a whole number'],
    [{ min: 1, max: 3 }, 'scaleStrategies is missing'],
    [{ ...body, scaleStrategies: {} }, 'scaleStrategies must be a list'],
    [{ ...body, scaleStrategies: [{ metricName: 'qps' }] }, 'scaleStrategies[0].threshold is missing'],
    [{ ...body, scaleStrategies: [{ threshold: 1 }] }, 'scaleStrategies[0].metricName is missing'],
    [{ ...body, scaleStrategies: [{ metricName: 'qps', threshold: 0 }] }, 'above 0'],
    [{ ...body, scaleStrategies: [{ metricName: 'gpu[util]', threshold: 1 }] }, 'qps, qps1k and cpu'],
    [
      { ...body, scaleStrategies: [{ metricName: 'qps', threshold: 1, service: 'nobody' }] },
      'there is no service [nobody]',
    ],
    [{ ...body, behavior: 5 }, 'behavior must be an object'],
    [
      { ...body, behavior: { scaleUp: { stabilizationWindowSeconds: -1 } } },
      'behavior.scaleUp.stabilizationWindowSeconds',
    ],
  ])('%j is refused', async (wrong, what) => {
    const refusal = await local.refused('POST', path, {}, wrong);
    expect(refusal.status).toBe(400);
    expect(refusal.message).toContain(what);
  });

  test(
    'scales a service by its requests, up and down, and is remembered by the next daemon',
    async () => {
      const quick = { ...body, behavior: { scaleDown: { stabilizationWindowSeconds: 0 } } };
      expect((await local.call('POST', path, {}, quick)).Message).toBe(
        'Succeed to auto scale service [busy]',
      );
      expect(await local.refused('POST', path, {}, quick)).toMatchObject({ status: 409 });
      expect((await local.call('PUT', path, {}, quick)).Message).toBe(
        'Update auto scale for service [busy] successfully',
      );
      const { RequestId: _id, CurrentMetrics: _now, ...described } = await local.call('GET', path);
      expect(described).toEqual({
        ServiceName: 'busy',
        MinReplica: 1,
        MaxReplica: 3,
        ScaleStrategies: [{ metricName: 'QPS', threshold: 5, service: 'busy' }],
        Behavior: {
          scaleUp: { stabilizationWindowSeconds: 0 },
          scaleDown: { stabilizationWindowSeconds: 0 },
          onZero: { scaleDownGracePeriodSeconds: 600, scaleUpActivationReplicas: 1 },
        },
      });
      await local.killDaemon();
      await local.start();
      const { AccessToken, AutoscalerEnabled } = await local.until('busy', 'Running');
      expect(AutoscalerEnabled).toBe(true);
      let isOver = false;
      const load = (async () => {
        while (!isOver) {
          await local.post('busy', AccessToken, 'x');
          await Bun.sleep(10);
        }
      })();
      await instances('busy', 3);
      const { CurrentMetrics } = await local.call('GET', path);
      expect(CurrentMetrics[0]).toMatchObject({ metricName: 'QPS', service: 'busy' });
      expect(CurrentMetrics[0].value).toBeGreaterThan(5);
      isOver = true;
      await load;
      await instances('busy', 1);
      const { Events } = await local.call('GET', 'services/local/busy/events');
      const said = Events.filter(({ Reason }: Reply) => Reason === 'AutoScaling').map(
        ({ Message }: Reply) => JSON.parse(Message).message,
      );
      expect(said.at(-1)).toMatch(/^Scaling from 1 to [23] instances \(autoscaler: QPS /);
      expect((await local.call('DELETE', path)).Message).toBe(
        'Autoscaler for service [busy] deleted successfully',
      );
    },
    LIMIT_MS,
  );

  test(
    'the service JSON may bring it',
    async () => {
      const autoscaler = { min: 2, max: 5, strategies: { qps: 10 } };
      await local.call('POST', 'services', {}, serviceJson('born', { autoscaler }));
      await instances('born', 2);
      expect((await local.call('GET', 'services/local/born/autoscaler')).MaxReplica).toBe(5);
      expect(
        await local.refused('PUT', 'services/local/born', {}, { autoscaler: { ...autoscaler, max: 1 } }),
      ).toMatchObject({ message: expect.stringContaining('max must be greater than min') });
      await local.call('PUT', 'services/local/born', {}, { autoscaler: { ...autoscaler, min: 1 } });
      expect((await local.call('GET', 'services/local/born/autoscaler')).MinReplica).toBe(1);
    },
    LIMIT_MS,
  );

  test.skipIf(process.platform !== 'linux')(
    'by cpu: the processes below the workers are measured',
    async () => {
      await local.create('calm');
      const byCpu = { min: 1, max: 2, scaleStrategies: [{ metricName: 'cpu', threshold: 50 }] };
      await local.call('POST', 'services/local/calm/autoscaler', {}, byCpu);
      for (;;) {
        const { CurrentMetrics } = await local.call('GET', 'services/local/calm/autoscaler');
        if (CurrentMetrics.length > 0) {
          expect(CurrentMetrics[0].metricName).toBe('CPU');
          expect(CurrentMetrics[0].value).toBeGreaterThanOrEqual(0);
          expect(CurrentMetrics[0].value).toBeLessThan(200);
          return;
        }
        await Bun.sleep(50);
      }
    },
    LIMIT_MS,
  );
});

describe('cronscaler', () => {
  const cron = 'services/local/timed/cronscaler';
  const jobs = (Schedule: string, TargetSize: unknown = 2, more = {}) => ({
    ScaleJobs: [{ Schedule, TargetSize, ...more }],
  });

  test(
    'scales a service by the clock',
    async () => {
      await local.create('timed');
      expect(await local.refused('GET', cron)).toMatchObject({ code: 'InvalidCronScaler.NotFound' });
      expect(await local.refused('PUT', cron, {}, jobs('* * * * * *'))).toMatchObject({ status: 404 });
      const made = await local.call(
        'POST',
        cron,
        {},
        { ...jobs('* * * * * *'), ExcludeDates: ['0 0 0 30 2 *'] },
      );
      expect(made.Message).toBe('Create cron scaler for service [timed] successfully');
      await instances('timed', 2);
      const { ScaleJobs, ExcludeDates, ServiceName } = await local.call('GET', cron);
      expect([ServiceName, ExcludeDates]).toEqual(['timed', ['0 0 0 30 2 *']]);
      expect(Object.keys(ScaleJobs[0]).sort()).toEqual([
        'CreateTime',
        'LastProbeTime',
        'Message',
        'Name',
        'Schedule',
        'State',
        'TargetSize',
      ]);
      expect(ScaleJobs[0]).toMatchObject({ Name: 'scale-jobs-0', State: 'Succeed', TargetSize: 2 });
      expect((await local.service('timed')).CronscalerEnabled).toBe(true);
      expect((await local.call('PUT', cron, {}, jobs('0 0 0 1 1 *'))).Message).toBe(
        'Update cron scaler for service [timed] successfully',
      );
      expect(await local.refused('POST', cron, {}, jobs('0 0 0 1 1 *'))).toMatchObject({ status: 409 });
      expect((await local.call('DELETE', cron)).Message).toBe(
        'Cronscaler for service [timed] deleted successfully',
      );
    },
    LIMIT_MS,
  );

  test.each([
    [{}, 'ScaleJobs is missing'],
    [{ ScaleJobs: [] }, 'at least one job'],
    [{ ScaleJobs: ['x'] }, 'ScaleJobs[0] must be an object'],
    [{ ScaleJobs: [{ TargetSize: 1 }] }, 'ScaleJobs[0].Schedule is missing'],
    [{ ScaleJobs: [{ Schedule: '* * * * * *' }] }, 'ScaleJobs[0].TargetSize is missing'],
    [jobs('0 60 * * * *'), '"60" is not between 0 and 59'],
    [jobs('0 0 * * *'), 'not a schedule of 6 fields'],
    [jobs('* * * * * *', 101), 'from 0 to 100'],
    [jobs('* * * * * *', '2'), 'from 0 to 100'],
    [jobs('* * * * * *', 2, { TimeZone: 'Mars/North' }), 'no time zone'],
    [jobs('* * * * * *', 2, { Name: 5 }), 'Name must be a text'],
    [
      { ScaleJobs: [1, 2].map((TargetSize) => ({ Name: 'a', Schedule: '* * * * * *', TargetSize })) },
      'named "a"',
    ],
    [{ ...jobs('* * * * * *'), ExcludeDates: ['x'] }, 'ExcludeDates[0]'],
    [{ ...jobs('* * * * * *'), ExcludeDates: 'x' }, 'ExcludeDates must be a list'],
  ])('%j is refused', async (wrong, what) => {
    const refusal = await local.refused('POST', cron, {}, wrong);
    expect(refusal.status).toBe(400);
    expect(refusal.message).toContain(what);
  });
});
