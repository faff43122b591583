import { describe, expect, test } from 'bun:test';
import {
  DEFAULT_RETRY,
  type FailedAttempt,
  nextDelay,
  retryAfterMs,
  withRetry,
} from '../../src/core/retry.ts';

const sent = { wasSent: true };
const unsent = { wasSent: false };

test.each<[string, FailedAttempt, boolean, boolean]>([
  // what happened                          repeatable?  again?
  ['throttled by status', { ...sent, status: 429 }, true, true],
  ['throttled by code', { ...sent, status: 400, code: 'Throttling.User' }, true, true],
  ['server error', { ...sent, status: 500 }, true, true],
  ['unavailable', { ...sent, status: 503 }, true, true],
  ['gateway timeout', { ...sent, status: 504 }, true, true],
  ['not implemented', { ...sent, status: 501 }, true, false],
  ['a full disk', { ...sent, status: 507 }, true, false],
  ['not found', { ...sent, status: 404, code: 'InvalidService.NotFound' }, true, false],
  ['wrong signature', { ...sent, status: 400, code: 'SignatureDoesNotMatch' }, true, false],
  ['dropped', { ...sent, broken: 'dropped' }, true, true],
  ['refused, unknown host, timeout, TLS', { ...unsent, broken: 'other' }, true, false],
  ['throttled, not repeatable', { ...sent, status: 429 }, false, false],
  ['unavailable, not repeatable', { ...sent, status: 503 }, false, false],
  ['dropped, not repeatable, bytes went out', { ...sent, broken: 'dropped' }, false, false],
  ['dropped, not repeatable, nothing went out', { ...unsent, broken: 'dropped' }, false, true],
])('%s', (_, failed, isRepeatable, again) => {
  expect(nextDelay(failed, 1, isRepeatable, 0) !== undefined).toBe(again);
});

describe('the wait', () => {
  test.each([
    [1, 0, 150],
    [1, 1, 300],
    [2, 0, 300],
    [3, 0.5, 900],
    [4, 0, undefined],
  ])('after attempt %d with random %d is %p', (attempt, random, delay) => {
    expect(nextDelay({ status: 503, wasSent: true }, attempt, true, random)).toBe(delay as number);
  });

  test('grows no further than its ceiling', () => {
    const policy = { ...DEFAULT_RETRY, maxAttempts: 100 };
    expect(nextDelay({ status: 503, wasSent: true }, 50, true, 1, policy)).toBe(5000);
  });

  test('is at least what the server asked for, unless that is too long', () => {
    const failed = { status: 429, wasSent: true };
    expect(nextDelay({ ...failed, retryAfterMs: 2000 }, 1, true, 0)).toBe(2000);
    expect(nextDelay({ ...failed, retryAfterMs: 10 }, 1, true, 0)).toBe(150);
    expect(nextDelay({ ...failed, retryAfterMs: 60_001 }, 1, true, 0)).toBeUndefined();
  });
});

test.each<[Record<string, string>, number | undefined]>([
  [{}, undefined],
  [{ 'retry-after': '2' }, 2000],
  [{ 'retry-after': 'Mon, 03 Jan 2022 00:00:05 GMT' }, 5000],
  [{ 'retry-after': 'Mon, 03 Jan 2000 00:00:00 GMT' }, 0],
  [{ 'retry-after': 'soon' }, undefined],
  [{ 'x-acs-retry-after': '1500', 'retry-after': '9' }, 1500],
])('%j asks to wait %p ms', (headers, ms) => {
  expect(retryAfterMs(headers, Date.parse('2022-01-03T00:00:00Z'))).toBe(ms as number);
});

describe('withRetry', () => {
  const boom = new Error('boom');
  const options = (slept: number[]) => ({
    isRepeatable: true,
    classify: (error: unknown) => (error === boom ? { status: 503, wasSent: true } : undefined),
    clock: {
      now: () => 0,
      random: () => 0,
      sleep: async (ms: number) => void slept.push(ms),
    },
  });

  test('stops at the first success', async () => {
    const slept: number[] = [];
    const result = await withRetry(async (attempt) => {
      if (attempt < 3) throw boom;
      return attempt;
    }, options(slept));
    expect([result, slept]).toEqual([3, [150, 300]]);
  });

  test('throws the last error when the attempts are used up', async () => {
    const slept: number[] = [];
    expect(withRetry(() => Promise.reject(boom), options(slept))).rejects.toBe(boom);
    await Bun.sleep(0);
    expect(slept).toEqual([150, 300, 600]);
  });

  test('leaves other errors alone', async () => {
    const slept: number[] = [];
    const other = new Error('other');
    await expect(withRetry(() => Promise.reject(other), options(slept))).rejects.toBe(other);
    expect(slept).toEqual([]);
  });

  test('an aborted signal ends it before the next attempt', async () => {
    const controller = new AbortController();
    let attempts = 0;
    const run = withRetry(
      () => {
        attempts++;
        controller.abort(new Error('stopped'));
        return Promise.reject(boom);
      },
      { ...options([]), signal: controller.signal },
    );
    await expect(run).rejects.toBe(boom);
    expect(attempts).toBe(1);
    await expect(withRetry(async () => 1, { ...options([]), signal: controller.signal })).rejects.toThrow(
      'stopped',
    );
  });
});
