import { describe, expect, test } from 'bun:test';
import type { BenchmarkTaskDetail } from '../../src/core/benchmark/api.ts';
import { type BenchmarkGoal, hasEnded, judgeTask } from '../../src/core/benchmark/states.ts';
import { autoStep, type Limits, manualStep, scanStep } from '../../src/local/benchmark/policy.ts';
import { isExpired } from '../../src/local/benchmark/retention.ts';

const revise: Limits = { faultTolerate: 0.001, faultAction: 'revise' };
const stop: Limits = { ...revise, faultAction: 'stop' };
const good = (qps: number, tp99 = 10) => ({ qps, tp99, faults: 0 });
const bad = (qps: number) => ({ qps, tp99: 10, faults: 0.5 });
const end = (reason: RegExp) => ({ kind: 'end', reason: expect.stringMatching(reason) });
const scan = (qps: number, isHeld = false) => ({ kind: 'go', state: { qps, isHeld } });

describe('mode scan', () => {
  test.each([
    ['rises', revise, { qps: 100, isHeld: false }, good(100), scan(150)],
    ['rises though the service falls behind', revise, { qps: 500, isHeld: false }, good(20), scan(550)],
    ['not beyond maxQPS', { ...revise, maxQps: 120 }, { qps: 100, isHeld: false }, good(100), scan(120)],
    ['ends at maxQPS', { ...revise, maxQps: 150 }, { qps: 150, isHeld: false }, good(149), end(/maxQPS/)],
    [
      'ends at maxRT',
      { ...revise, maxRt: 9 },
      { qps: 100, isHeld: false },
      good(100),
      end(/maxRT.* 100 .*10 ms/),
    ],
    [
      'not at a TP99 that is maxRT',
      { ...revise, maxRt: 10 },
      { qps: 100, isHeld: false },
      good(100),
      scan(150),
    ],
    ['ends with faults', stop, { qps: 100, isHeld: false }, bad(100), end(/50 % .* 0.1 %/)],
    ['goes back with faults, and stays', revise, { qps: 100, isHeld: false }, bad(100), scan(50, true)],
    ['stays', revise, { qps: 50, isHeld: true }, good(50), scan(50, true)],
    ['goes back further', revise, { qps: 51, isHeld: true }, bad(50), scan(1, true)],
    ['never to nothing', revise, { qps: 1, isHeld: true }, bad(1), scan(1, true)],
    [
      'faults that are tolerated',
      { ...stop, faultTolerate: 0.5 },
      { qps: 100, isHeld: false },
      bad(9),
      scan(150),
    ],
  ] as const)('%s', (_name, limits, state, seen, next) => {
    expect(scanStep(limits, 50, state, seen)).toEqual(next as never);
  });
});

const best = { connections: 4, qps: 1000 };
const auto = (connections: number, more: object = {}) => ({
  kind: 'go',
  state: { connections, isHeld: false, ...more },
});

describe('mode auto', () => {
  test.each([
    [
      'doubles from the first',
      revise,
      { connections: 1, isHeld: false },
      good(300),
      auto(2, { best: { connections: 1, qps: 300 } }),
    ],
    [
      'doubles while it gains',
      revise,
      { connections: 8, best, isHeld: false },
      good(1100),
      auto(16, { best: { connections: 8, qps: 1100 } }),
    ],
    [
      'holds the best without a gain',
      revise,
      { connections: 8, best, isHeld: false },
      good(1040),
      auto(4, { best, isHeld: true }),
    ],
    [
      'holds the best beyond maxRT',
      { ...revise, maxRt: 5 },
      { connections: 8, best, isHeld: false },
      good(2000),
      auto(4, { best, isHeld: true }),
    ],
    [
      'holds the best with faults',
      revise,
      { connections: 8, best, isHeld: false },
      bad(2000),
      auto(4, { best, isHeld: true }),
    ],
    [
      'is lower when the first is too much',
      revise,
      { connections: 8, isHeld: false },
      bad(9),
      auto(6, { best: undefined, isHeld: true }),
    ],
    [
      'lowers what is held',
      revise,
      { connections: 4, best, isHeld: true },
      bad(9),
      auto(3, { best, isHeld: true }),
    ],
    ['keeps one', revise, { connections: 1, best, isHeld: true }, bad(9), auto(1, { best, isHeld: true })],
    ['stays', revise, { connections: 4, best, isHeld: true }, good(1), auto(4, { best, isHeld: true })],
    [
      'comes to the most',
      revise,
      { connections: 40, best, isHeld: false },
      good(5000),
      auto(64, { best: { connections: 40, qps: 5000 } }),
    ],
    [
      'holds the most',
      revise,
      { connections: 64, best, isHeld: false },
      good(9000),
      auto(64, { best: { connections: 64, qps: 9000 }, isHeld: true }),
    ],
    ['ends with faults', stop, { connections: 8, best, isHeld: true }, bad(9), end(/failed/)],
  ] as const)('%s', (_name, limits, state, seen, next) => {
    expect(autoStep(limits, 64, state, seen)).toEqual(next as never);
  });
});

test.each([
  ['faults end it when they are to', stop, bad(9), 'end'],
  ['faults are counted only', revise, bad(9), 'go'],
  ['all is well', stop, good(9), 'go'],
] as const)('mode manual: %s', (_name, limits, seen, kind) => {
  expect(manualStep(limits, seen).kind).toBe(kind);
});

const task = (Status: string) => ({ Status, TaskName: 't', RequestId: 'R' }) as BenchmarkTaskDetail;
const ALL =
  'Creating Starting Running Updating Stopping Stopped Error Deleting CreateFailed UpdateFailed Terminated DeleteFailed'.split(
    ' ',
  );

/** Verdicts for the states above, in their order: d done, w waiting, f failed; then for a task that is gone. */
test.each([
  ['running', 'w w d w w d f f f f f f', 'failed'],
  ['updated', 'w w d w w f f f f f f f', 'failed'],
  ['stopped', 'w w w w w d f w f f f f', 'failed'],
  ['deleted', 'w w w w w w w w w w w f', 'done'],
] as [BenchmarkGoal, string, string][])('waiting until it is %s', (goal, row, gone) => {
  const verdicts = ALL.map((status) => judgeTask(goal, task(status), false)[0]);
  expect(verdicts.join(' ')).toBe(row);
  expect(judgeTask(goal, undefined, false)).toBe(gone as never);
});

test('an answer from before the change decides nothing', () => {
  for (const status of ALL) expect(judgeTask('running', task(status), true)).toBe('waiting');
});

test('states in which a task sends nothing any more', () => {
  expect(ALL.filter(hasEnded)).toEqual([
    'Stopped',
    'Error',
    'CreateFailed',
    'UpdateFailed',
    'Terminated',
    'DeleteFailed',
  ]);
});

/** eascmd.md 2.14: stopped tasks are kept 48 h, failed ones 10 minutes. */
test.each([
  ['Stopped', 48 * 60 - 1, false],
  ['Stopped', 48 * 60, true],
  ['Error', 9, false],
  ['Error', 10, true],
  ['CreateFailed', 10, true],
  ['UpdateFailed', 10, true],
  ['Terminated', 10, true],
  ['Running', 100_000, false],
  ['Deleting', 100_000, false],
])('%s for %d minutes: gone is %p', (status, minutes, gone) => {
  const ended_at = '2026-11-28T10:00:00Z';
  expect(isExpired({ status, ended_at }, Date.parse(ended_at) + minutes * 60_000)).toBe(gone);
  expect(isExpired({ status, ended_at: null }, Date.parse(ended_at) + minutes * 60_000)).toBe(false);
});
