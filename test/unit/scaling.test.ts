import { describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { AutoScaler } from '../../src/local/scaling/autoscaler.ts';
import { CronScaler } from '../../src/local/scaling/cronscaler.ts';
import { bounded, recommended, stabilized } from '../../src/local/scaling/recommend.ts';
import { RateWindow } from '../../src/local/scaling/window.ts';
import { resize } from '../../src/local/service/resize.ts';
import { State } from '../../src/local/state/state.ts';
import { temporaryFolder } from '../support/temporary.ts';

describe('recommended: ceil(current x metric / threshold), 10 % tolerance, the largest of all', () => {
  test.each([
    // current, [value, threshold] of each instance, wanted
    [1, [[10, 10]], 1],
    [1, [[11, 10]], 1],
    [1, [[11.1, 10]], 2],
    [4, [[9, 10]], 4],
    [4, [[8.9, 10]], 4],
    [4, [[7.4, 10]], 3],
    [3, [[100, 10]], 30],
    [3, [[10 / 3, 1]], 10],
    [5, [[0, 10]], 0],
    [
      2,
      [
        [10, 10],
        [30, 10],
      ],
      6,
    ],
    [
      6,
      [
        [1, 10],
        [5, 10],
      ],
      3,
    ],
    [2, [], 2],
    [0, [[50, 10]], 0],
  ] as [number, [number, number][], number][])('%d instances, %j: %d', (current, measures, wanted) => {
    const seen = measures.map(([value, threshold]) => ({ value, threshold }));
    expect(recommended(current, seen)).toBe(wanted);
  });
});

describe('stabilized: windows hold changes back', () => {
  const at = (...pairs: [number, number][]) =>
    pairs.map(([seconds, instances]) => ({ atMs: seconds * 1000, instances }));
  test.each([
    // what, current, history, now, up s, down s, result
    ['up at once without a window', 2, at([0, 2], [10, 5]), 10, 0, 300, 5],
    ['up only as far as everything in the window asked', 2, at([0, 3], [10, 5]), 10, 60, 300, 3],
    ['no way up while one look wanted less', 2, at([0, 2], [10, 5]), 10, 60, 300, 2],
    ['down only when the window has forgotten the peak', 5, at([0, 5], [10, 1]), 10, 0, 300, 5],
    ['down to the most of the window', 5, at([0, 5], [200, 3], [301, 1]), 301, 0, 300, 3],
    ['down at once without a window', 5, at([0, 5], [10, 1]), 10, 0, 0, 1],
    ['nothing known', 4, at(), 10, 0, 0, 4],
  ])('%s', (_what, current, history, now, up, down, result) => {
    expect(stabilized(current, history, now * 1000, { upMs: up * 1000, downMs: down * 1000 })).toBe(result);
  });
});

describe('bounded: min, max and zero', () => {
  const busy = { isBusy: true, idleMs: 0, graceMs: 600, activation: 2 };
  const quiet = { isBusy: false, idleMs: 100, graceMs: 600, activation: 2 };
  const idle = { isBusy: false, idleMs: 600, graceMs: 600, activation: 2 };
  test.each([
    ['below min', 1, 1, { min: 2, max: 5 }, busy, 2],
    ['above max', 1, 9, { min: 2, max: 5 }, busy, 5],
    ['zero is not below a min of one', 1, 0, { min: 1, max: 5 }, idle, 1],
    ['quiet, not yet idle', 1, 0, { min: 0, max: 5 }, quiet, 1],
    ['idle for the grace time', 1, 0, { min: 0, max: 5 }, idle, 0],
    ['asleep', 0, 0, { min: 0, max: 5 }, idle, 0],
    ['asleep without grace', 0, 0, { min: 0, max: 5 }, { ...quiet, graceMs: 0 }, 0],
    ['woken by a request', 0, 0, { min: 0, max: 5 }, busy, 2],
    ['woken by a request without grace', 0, 0, { min: 0, max: 5 }, { ...busy, graceMs: 0 }, 2],
    ['woken, but not above max', 0, 0, { min: 0, max: 1 }, busy, 1],
    ['a min above zero wakes it too', 0, 0, { min: 1, max: 3 }, idle, 1],
  ])('%s', (_what, current, wanted, bounds, activity, result) => {
    expect(bounded(current, wanted, bounds, activity)).toBe(result);
  });
});

describe('RateWindow', () => {
  test('says nothing at first, then the rate of the window alone', () => {
    const window = new RateWindow(10_000, 1000);
    expect(window.rate()).toBeUndefined();
    window.add(0, 100);
    window.add(500, 200);
    expect(window.rate()).toBeUndefined();
    window.add(2000, 300);
    expect(window.rate()).toBe(100);
    for (let second = 3; second <= 30; second++) window.add(second * 1000, 300);
    expect(window.rate()).toBe(0);
  });

  test('a count that began anew is no negative rate', () => {
    const window = new RateWindow(10_000, 1000);
    window.add(0, 1000);
    window.add(2000, 0);
    expect(window.rate()).toBeUndefined();
    window.add(4000, 20);
    expect(window.rate()).toBe(10);
  });
});

/** A state with one running service `s`, and what its scalers did. */
function world(settings: Record<string, unknown>, kind: 'auto' | 'cron', instances = 1) {
  const folder = temporaryFolder();
  const state = new State(join(folder.path, 'state.db'));
  const config = {
    name: 's',
    processor_path: '/x',
    processor_entry: 'libx.so',
    metadata: { instance: instances, cpu: 1 },
  };
  const at = '2026-01-01T00:00:00Z';
  state.services.insert({
    id: 'id',
    name: 's',
    desired: 'running',
    status: 'Running',
    message: '',
    token: 't',
    config: JSON.stringify(config),
    labels: '{}',
    safety_lock: 'none',
    instances,
    current_version: 1,
    latest_version: 1,
    revision: 1,
    created_at: at,
    updated_at: at,
  });
  state.scalers.put('id', kind, JSON.stringify(settings));
  const load = { served: 0, unserved: 0 };
  const steps: number[] = [];
  const scale = (row: Parameters<typeof resize>[1], count: number) => {
    steps.push(count);
    resize(state, row, count);
    state.services.change(row.id, { status: 'Running' });
  };
  const auto = new AutoScaler(state, { requests: () => load, workers: () => [] }, scale);
  let now = 0;
  return {
    state,
    load,
    steps,
    auto,
    scale,
    row: () => state.services.byId('id')!,
    /** Seconds go by with so many requests in each. */
    run(seconds: number, perSecond: number, isServed = true) {
      for (let at = 0; at < seconds; at++) {
        if (isServed) load.served += perSecond;
        else load.unserved += perSecond;
        now += 1000;
        auto.tick(now);
      }
    },
    [Symbol.dispose]() {
      state.close();
      folder[Symbol.dispose]();
    },
  };
}

describe('the autoscaler on a clock of its own', () => {
  const settings = { min: 1, max: 5, scaleStrategies: [{ metricName: 'qps', threshold: 10 }] };

  test('follows the load up, and down only after the scale-down window', () => {
    using s = world(settings, 'auto');
    s.run(20, 10);
    expect(s.row().instances).toBe(1);
    s.run(30, 35);
    expect(s.row().instances).toBe(4);
    expect(JSON.parse(s.row().config).metadata.instance).toBe(4);
    s.run(200, 0);
    expect(s.row().instances).toBe(4);
    s.run(130, 0);
    expect(s.row().instances).toBe(1);
    s.run(60, 1000);
    expect(s.row().instances).toBe(5);
  });

  test('behavior: windows as set', () => {
    using s = world(
      {
        ...settings,
        behavior: {
          scaleUp: { stabilizationWindowSeconds: 60 },
          scaleDown: { stabilizationWindowSeconds: 10 },
        },
      },
      'auto',
    );
    s.run(65, 10);
    s.run(50, 40);
    expect(s.row().instances).toBe(1);
    s.run(40, 40);
    expect(s.row().instances).toBe(4);
    s.run(40, 0);
    expect(s.row().instances).toBe(1);
  });

  test('sleeps at zero after the grace time and wakes up on a request that found nobody', () => {
    using s = world(
      {
        ...settings,
        min: 0,
        behavior: {
          scaleDown: { stabilizationWindowSeconds: 0 },
          onZero: { scaleDownGracePeriodSeconds: 60, scaleUpActivationReplicas: 2 },
        },
      },
      'auto',
    );
    s.run(10, 5);
    s.run(50, 0);
    expect(s.row().instances).toBe(1);
    s.run(15, 0);
    expect(s.row().instances).toBe(0);
    s.run(30, 0);
    expect(s.row().instances).toBe(0);
    s.run(1, 1, false);
    expect(s.row().instances).toBe(2);
  });

  test('leaves a stopped service and one that is being updated alone, and brings instances within min and max', () => {
    using s = world({ ...settings, min: 2 }, 'auto');
    s.state.services.change('id', { status: 'Updating' });
    s.run(5, 100);
    s.state.services.change('id', { status: 'Stopped', desired: 'stopped' });
    s.run(5, 100);
    expect(s.steps).toEqual([]);
    s.state.services.change('id', { status: 'Running', desired: 'running' });
    s.run(1, 0);
    expect(s.row().instances).toBeGreaterThanOrEqual(2);
  });

  test('reports what it measured', () => {
    using s = world(settings, 'auto');
    s.run(10, 7);
    const strategies = [{ metric: 'qps', threshold: 10, service: undefined }] as const;
    expect(s.auto.metrics(s.row(), { strategies } as never)).toEqual([
      { metricName: 'QPS', service: 's', value: 7 },
    ]);
  });
});

describe('the cronscaler on a clock of its own', () => {
  const job = (Schedule: string, TargetSize: number, more = {}) => ({
    Name: `to-${TargetSize}`,
    Schedule,
    TargetSize,
    CreateTime: '',
    State: 'Submitted',
    Message: '',
    ...more,
  });
  const utc = { TimeZone: 'UTC' };
  const start = Date.parse('2026-11-22T09:14:50Z'); // a Sunday

  test('runs each job at its second, once, and says so', () => {
    using s = world(
      {
        ScaleJobs: [job('0 15,45 * * * *', 6, utc), job('0 0,30 * * * *', 2, utc)],
        ExcludeDates: [],
      },
      'cron',
    );
    const cron = new CronScaler(s.state, s.scale, start);
    for (let at = 0; at <= 20; at++) cron.tick(start + at * 500);
    expect(s.steps).toEqual([6]);
    for (let at = 20; at <= 40; at++) cron.tick(start + at * 500);
    expect(s.steps).toEqual([6]);
    const stored = JSON.parse(s.state.scalers.get('id', 'cron')!).ScaleJobs;
    expect(stored[0]).toMatchObject({
      State: 'Succeed',
      Message: 'cron hpa job to-6 executed successfully. current replicas:1, desired replicas:6.',
      LastProbeTime: '2026-11-22T09:15:00Z',
    });
    expect(stored[1]).toMatchObject({ State: 'Submitted', Message: '' });
  });

  test('late ticks make up for missed seconds; a long sleep is not made up for', () => {
    using s = world({ ScaleJobs: [job('0 15 * * * *', 6, utc)], ExcludeDates: [] }, 'cron');
    new CronScaler(s.state, s.scale, start).tick(start + 60_000);
    expect(s.steps).toEqual([6]);
    new CronScaler(s.state, s.scale, start).tick(start + 3_000_000);
    expect(s.steps).toEqual([6]);
  });

  test('excluded days, time zones and services that do not run', () => {
    using s = world(
      { ScaleJobs: [job('0 15 17 * * *', 3, { TimeZone: 'Asia/Shanghai' })], ExcludeDates: [] },
      'cron',
    );
    const tick = () => new CronScaler(s.state, s.scale, start).tick(start + 20_000);
    tick();
    expect(s.steps).toEqual([3]);
    const excluded = { ScaleJobs: [job('0 15 9 * * *', 4, utc)], ExcludeDates: ['* * * * * 6,0'] };
    s.state.scalers.put('id', 'cron', JSON.stringify(excluded));
    tick();
    expect(s.steps).toEqual([3]);
    s.state.scalers.put('id', 'cron', JSON.stringify({ ...excluded, ExcludeDates: ['0 0 0 * * 1-5'] }));
    s.state.services.change('id', { desired: 'stopped' });
    tick();
    expect(s.steps).toEqual([3]);
    expect(JSON.parse(s.state.scalers.get('id', 'cron')!).ScaleJobs[0]).toMatchObject({ State: 'Failed' });
  });
});
