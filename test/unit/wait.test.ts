import { describe, expect, test } from 'bun:test';
import { EasError } from '../../src/core/errors.ts';
import type { Service } from '../../src/core/service/model.ts';
import { parseDuration } from '../../src/core/wait/duration.ts';
import { type Goal, judge, looksOld, type Verdict } from '../../src/core/wait/goal.ts';
import { type WaitOutcome, watch } from '../../src/core/wait/watch.ts';
import { WaitLines } from '../../src/ui/progress.ts';

function service(Status: string, more: Partial<Service> = {}): Service {
  return {
    ServiceName: 'digits',
    Region: 'local',
    Status,
    TotalInstance: 1,
    RunningInstance: Status === 'Running' ? 1 : 0,
    PendingInstance: Status === 'Running' ? 0 : 1,
    ...more,
  };
}

const absent = undefined;

describe('judge', () => {
  const table: [goal: Goal['kind'], seen: string | undefined, fresh: Verdict, stale: Verdict][] = [
    ['running', 'Creating', 'waiting', 'waiting'],
    ['running', 'Waiting', 'waiting', 'waiting'],
    ['running', 'Running', 'done', 'waiting'],
    ['running', 'Complete', 'done', 'waiting'],
    ['running', 'Failed', 'failed', 'waiting'],
    ['running', 'Stopped', 'failed', 'waiting'],
    ['running', 'Deleting', 'failed', 'waiting'],
    ['running', absent, 'failed', 'failed'],
    ['stopped', 'Running', 'waiting', 'waiting'],
    ['stopped', 'Stopping', 'waiting', 'waiting'],
    ['stopped', 'Stopped', 'done', 'waiting'],
    ['stopped', 'Failed', 'failed', 'waiting'],
    ['stopped', absent, 'failed', 'failed'],
    ['deleted', 'Running', 'waiting', 'waiting'],
    ['deleted', 'Failed', 'waiting', 'waiting'],
    ['deleted', 'Deleted', 'done', 'done'],
    ['deleted', 'DeleteFailed', 'failed', 'failed'],
    ['deleted', absent, 'done', 'done'],
    ['settled', 'Updating', 'waiting', 'waiting'],
    ['settled', 'Running', 'done', 'waiting'],
    ['settled', 'Stopped', 'done', 'waiting'],
    ['settled', 'Failed', 'failed', 'waiting'],
    ['settled', absent, 'failed', 'failed'],
  ];
  test.each(table)('goal %p, seen %p: %p, when it may be old: %p', (kind, seen, fresh, stale) => {
    const met = new Set(seen ? [seen] : []);
    const look = seen === undefined ? undefined : service(seen);
    expect(judge({ kind }, { service: look, isStale: false, met })).toBe(fresh);
    expect(judge({ kind }, { service: look, isStale: true, met })).toBe(stale);
  });

  test('a service that was being deleted and is gone has settled', () => {
    const met = new Set(['Deleting']);
    expect(judge({ kind: 'settled' }, { service: undefined, isStale: false, met })).toBe('done');
  });

  test('a scale is done when the count is reached, even if nothing changed', () => {
    const goal: Goal = { kind: 'running', reached: ({ RunningInstance }) => RunningInstance === 2 };
    const look = (RunningInstance: number) => service('Running', { RunningInstance });
    const met = new Set(['Running']);
    expect(judge(goal, { service: look(1), isStale: false, met })).toBe('waiting');
    expect(judge(goal, { service: look(2), isStale: true, met })).toBe('done');
  });
});

describe('an old answer', () => {
  test('is one in which nothing differs', () => {
    const before = service('Running', { UpdateTime: '2026-01-01T00:00:00Z' });
    expect(looksOld(before, { ...before })).toBe(true);
    expect(looksOld(before, { ...before, UpdateTime: '2026-01-01T00:00:01Z' })).toBe(false);
    expect(looksOld(before, service('Updating'))).toBe(false);
    expect(looksOld(undefined, before)).toBe(false);
  });

  test('or one that still shows the failure or stop that the change is to end', () => {
    const before = service('Failed', { UpdateTime: '2026-01-01T00:00:00Z' });
    expect(looksOld(before, service('Failed', { UpdateTime: '2026-01-01T00:00:09Z' }))).toBe(true);
    expect(looksOld(service('Stopped'), service('Stopped', { Message: 'starting' }))).toBe(true);
  });
});

/** A clock that moves only when somebody sleeps. */
function fakeClock() {
  let at = 0;
  return {
    now: () => at,
    sleep: async (ms: number) => {
      at += ms;
    },
  };
}

type Look = Service | undefined | Error;

async function watched(
  looks: Look[],
  options: Partial<Parameters<typeof watch>[0]> = {},
): Promise<{ outcome: WaitOutcome; looked: number }> {
  let looked = 0;
  const outcome = await watch({
    goal: { kind: 'running' },
    observe: async () => {
      const look = looks[Math.min(looked++, looks.length - 1)];
      if (look instanceof Error) throw look;
      return look;
    },
    clock: fakeClock(),
    timeoutMs: 60_000,
    signal: new AbortController().signal,
    onSeen() {},
    ...options,
  });
  return { outcome, looked };
}

const dropped = new EasError({ code: 'ConnectionLost', message: 'reset' });
const busy = new EasError({ code: 'ServiceUnavailable', message: 'busy', status: 503 });
const forbidden = new EasError({ code: 'Forbidden.RAM', message: 'no', status: 403 });

describe('watch', () => {
  test('done: creating, waiting, running', async () => {
    const { outcome, looked } = await watched([service('Creating'), service('Waiting'), service('Running')]);
    expect([outcome.kind, looked]).toEqual(['done', 3]);
  });

  test('failed: ends at once', async () => {
    const { outcome, looked } = await watched([service('Creating'), service('Failed'), service('Running')]);
    expect([outcome.kind, looked]).toEqual(['failed', 2]);
  });

  test('timed out: told apart, with the last sight', async () => {
    const clock = fakeClock();
    const { outcome } = await watched([service('Waiting')], { clock, timeoutMs: 30_000 });
    expect([outcome.kind, outcome.service?.Status, clock.now()]).toEqual(['timedOut', 'Waiting', 30_000]);
  });

  test('interrupted: before the next look', async () => {
    const stop = new AbortController();
    const { outcome, looked } = await watched([service('Waiting')], {
      signal: stop.signal,
      onSeen: () => stop.abort(),
    });
    expect([outcome.kind, looked]).toEqual(['interrupted', 1]);
  });

  test('passing troubles of the API do not end a wait', async () => {
    const { outcome } = await watched([dropped, busy, dropped, service('Waiting'), busy, service('Running')]);
    expect(outcome.kind).toBe('done');
  });

  test('lasting troubles and refusals do', async () => {
    expect(watched([dropped])).rejects.toBe(dropped);
    expect(watched([forbidden, service('Running')])).rejects.toBe(forbidden);
  });

  test('an update is not over while the answer shows the service as before', async () => {
    const before = service('Running', { UpdateTime: 'a' });
    const looks = [before, before, service('Updating'), service('Running', { UpdateTime: 'b' })];
    const { outcome, looked } = await watched(looks, { before });
    expect([outcome.kind, looked]).toEqual(['done', 4]);
  });

  test('an update that changes nothing is believed after ten seconds', async () => {
    const clock = fakeClock();
    const { outcome } = await watched([service('Running')], { before: service('Running'), clock });
    expect(outcome.kind).toBe('done');
    expect(clock.now()).toBeGreaterThanOrEqual(10_000);
  });

  test('a start sees the old Stopped first', async () => {
    const looks = [service('Stopped', { UpdateTime: 'b' }), service('Starting'), service('Running')];
    const { outcome } = await watched(looks, { before: service('Stopped') });
    expect(outcome.kind).toBe('done');
  });

  test('a service that stops while it is started has failed', async () => {
    const { outcome } = await watched([service('Starting'), service('Stopped')], {
      before: service('Stopped'),
    });
    expect(outcome.kind).toBe('failed');
  });
});

describe('lines of a wait', () => {
  test('the sample of eascmd.md 2.4: each message once, the counters again and again', () => {
    let at = 0;
    const lines = new WaitLines(() => at);
    const seen = [
      service('Creating', { Message: 'Creating api gateway' }),
      service('Creating', { Message: 'Creating api gateway' }),
      service('Creating', { Message: 'Building image [registry/eas/x:v0.0.1]' }),
      service('Waiting', { Message: 'Waiting for instances' }),
      service('Waiting', { Message: 'Waiting for instances' }),
      service('Running'),
    ];
    const printed = seen.flatMap((look) => {
      at += 3_000;
      return lines.next(look);
    });
    expect(printed).toEqual([
      '[OK] Creating api gateway',
      '[OK] Building image [registry/eas/x:v0.0.1]',
      '[OK] Waiting [Total: 1, Pending: 1, Running: 0]',
      '[OK] Waiting [Total: 1, Pending: 1, Running: 0]',
      '[OK] Running [Total: 1, Pending: 0, Running: 1]',
    ]);
  });

  test('counters that stand still are repeated every three seconds only', () => {
    let at = 0;
    const lines = new WaitLines(() => at);
    const counts = [0, 200, 2_900, 3_000, 4_000].map((now) => {
      at = now;
      return lines.next(service('Waiting')).length;
    });
    expect(counts).toEqual([1, 0, 0, 1, 0]);
  });
});

describe('durations', () => {
  test.each([
    ['30s', 30_000],
    ['5m', 300_000],
    ['1h30m', 5_400_000],
    ['500ms', 500],
    ['45', 45_000],
    ['0', 0],
  ])('%p is %p ms', (text, ms) => {
    expect(parseDuration(text, '--timeout')).toBe(ms);
  });

  test.each(['', 'soon', '5 m', '-3s', '1d'])('%p is refused with the option named', (text) => {
    expect(() => parseDuration(text, '--timeout')).toThrow(/--timeout .* is not a duration/);
  });
});
