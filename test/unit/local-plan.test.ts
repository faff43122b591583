import { describe, expect, test } from 'bun:test';
import type { InstancePhase } from '../../src/local/instances/instance.ts';
import { plan, type Wanted } from '../../src/local/lifecycle/plan.ts';
import { type SeenInstance, verdict } from '../../src/local/lifecycle/verdict.ts';

const wanted = (change: Partial<Wanted> = {}): Wanted => ({
  instances: 2,
  template: '2.1',
  isPackageReady: true,
  maxSurge: 1,
  maxUnavailable: 0,
  ...change,
});

const codes: Record<string, InstancePhase> = { r: 'ready', s: 'starting', d: 'down', x: 'draining' };

/** `r1 s2` is a ready instance of version 1 and a starting one of version 2; a number in front counts failures. */
function seen(text: string): SeenInstance[] {
  return text
    .split(' ')
    .filter((word) => word !== '')
    .map((word, index) => {
      const [, failures = '', phase = '', version = ''] = /^(\d*)([a-z])(\d)$/.exec(word) ?? [];
      return {
        name: `${word}#${index}`,
        template: `${version}.1`,
        phase: codes[phase]!,
        failures: Number(failures),
        isBlocked: false,
        message: 'no such module',
      };
    });
}

describe('plan', () => {
  const table: [string, string, Partial<Wanted>, number, string[]][] = [
    ['starts what is missing', '', {}, 2, []],
    ['starts the rest', 'r2', {}, 1, []],
    ['rests when all is there', 'r2 s2', {}, 0, []],
    ['does not count those that leave', 'r2 x2', {}, 1, []],
    ['scales down, the broken first', 'r2 d2 r2', {}, 0, ['d2#1']],
    ['scales down, the youngest first', 'r2 r2 r2', {}, 0, ['r2#2']],
    ['ends all for zero', 'r1 s2', { instances: 0 }, 0, ['r1#0', 's2#1']],
    ['waits for the package', 'r1 r1', { isPackageReady: false }, 0, []],
    ['rolls: one new first', 'r1 r1', {}, 1, []],
    ['rolls: waits until it is ready', 'r1 r1 s2', {}, 0, []],
    ['rolls: then one old leaves and the next new starts', 'r1 r1 r2', {}, 1, ['r1#0']],
    ['rolls: the last old leaves', 'r1 r2 r2', {}, 0, ['r1#0']],
    ['rolls: a failing new one holds everything', 'r1 r1 5s2', {}, 0, []],
    ['rolls: old ones that come back after a restart are kept', 's1 s1 s2', {}, 0, []],
    ['rolls: an old one that does not work leaves for a new one', 'd1 r1 r2', {}, 1, ['d1#0']],
    ['rolls: with more surge all at once', 'r1 r1', { maxSurge: 2 }, 2, []],
    [
      'rolls: without surge an old one leaves first',
      'r1 r1',
      { maxSurge: 0, maxUnavailable: 1 },
      1,
      ['r1#0'],
    ],
    ['rolls and scales down at once', 'r1 r1 r1 r1', { instances: 1 }, 1, ['r1#0', 'r1#1', 'r1#2']],
  ];
  test.each(table)('%s', (_what, instances, change, start, drain) => {
    expect(plan(wanted(change), seen(instances))).toEqual({ start, drain });
  });

  test('a rolling update never has fewer ready instances than wanted, and ends', () => {
    let fleet = seen('r1 r1 r1');
    const goal = wanted({ instances: 3 });
    for (let round = 0; round < 20; round++) {
      const { start, drain } = plan(goal, fleet);
      fleet = fleet.filter(({ name }) => !drain.includes(name));
      expect(fleet.filter(({ phase }) => phase === 'ready').length).toBeGreaterThanOrEqual(3);
      const young = seen('s2 '.repeat(start)).map((one, index) => ({
        ...one,
        name: `new ${round}.${index}`,
      }));
      fleet = [...fleet.map((one) => ({ ...one, phase: 'ready' as const })), ...young];
      expect(fleet.length).toBeLessThanOrEqual(4);
    }
    expect(fleet.map(({ template }) => template)).toEqual(['2.1', '2.1', '2.1']);
  });
});

describe('verdict', () => {
  const table: [string, string, string, string][] = [
    ['a new service waits for its instances', 'Creating', 's2', 'Waiting'],
    ['all ready is Running', 'Waiting', 'r2 r2', 'Running'],
    ['an update goes on while old ones are there', 'Updating', 'r1 r2 r2', 'Updating'],
    ['leaving ones do not count', 'Updating', 'x1 r2 r2', 'Running'],
    ['two failures are not the end', 'Waiting', '2s2 2s2', 'Waiting'],
    ['three failures of all that miss are', 'Waiting', '3s2 3d2', 'Failed'],
    ['not while one of them may still come', 'Waiting', '3s2 s2', 'Waiting'],
    ['a new version that fails makes the update fail', 'Updating', 'r1 r1 3s2', 'Failed'],
    ['a running service lives with one that crashes', 'Running', 'r2 9d2', 'Running'],
    ['and waits when none is left', 'Running', '1d2 1d2', 'Waiting'],
    ['and fails when none comes back', 'Waiting', '4d2 5d2', 'Failed'],
    ['what recovers is Running again', 'Failed', 'r2 r2', 'Running'],
  ];
  test.each(table)('%s', (_what, before, instances, status) => {
    expect(verdict(before, wanted(), seen(instances)).status).toBe(status);
  });

  test('a failure names the instance, the count and the reason', () => {
    const { message } = verdict('Updating', wanted(), seen('r1 r1 3s2'));
    expect(message).toBe('Instance [3s2#2] failed 3 times: no such module; 2 other instance(s) keep serving');
  });

  test('a blocked instance fails at once', () => {
    const blocked = seen('1d2 r2').map((one) => ({ ...one, isBlocked: one.phase === 'down' }));
    expect(verdict('Waiting', wanted(), blocked)).toMatchObject({ status: 'Failed' });
  });
});
