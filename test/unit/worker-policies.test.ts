import { describe, expect, test } from 'bun:test';
import { DEFAULT_LIMITS, flattenProperties, graceMs, workerLimits } from '../../src/core/service/limits.ts';
import { RateLimit } from '../../src/core/worker/rate.ts';
import { MAX_RESTART_DELAY_MS, nextRestart, STEADY_MS } from '../../src/core/worker/restart.ts';
import { statusOfReturnCode } from '../../src/core/worker/status.ts';

describe('limits of a service document', () => {
  test('defaults are those of serving.md (e)', () => {
    expect(workerLimits({ metadata: { instance: 1 } })).toEqual(DEFAULT_LIMITS);
    expect(workerLimits({})).toEqual({
      workerThreads: 5,
      ioThreads: 4,
      maxQueueSize: 64,
      keepaliveMs: 5000,
      rateLimit: 0,
      enableSigterm: false,
      crashBlock: false,
    });
    expect(graceMs({})).toBe(30_000);
  });

  test('flat and nested, numbers and text, and the alias are the same', () => {
    const wanted = { ...DEFAULT_LIMITS, workerThreads: 8, keepaliveMs: 600_000, enableSigterm: true };
    const spellings = [
      { 'rpc.worker_threads': 8, 'rpc.keepalive': '600000', 'rpc.enable_sigterm': 'true' },
      { rpc: { worker_threads: '8', keepalive: 600_000, enable_sigterm: true } },
      { workers: 8, rpc: { keepalive: 600_000 }, 'rpc.enable_sigterm': 'True' },
    ];
    for (const metadata of spellings) expect(workerLimits({ metadata })).toEqual(wanted);
  });

  test('rpc.worker_threads wins over its alias, the flat name over the nested', () => {
    expect(workerLimits({ metadata: { workers: 2, rpc: { worker_threads: 3 } } }).workerThreads).toBe(3);
    expect(workerLimits({ metadata: { 'rpc.keepalive': 1, rpc: { keepalive: 2 } } }).keepaliveMs).toBe(1);
  });

  test('what is no number of the range leaves the default', () => {
    for (const value of ['x', -1, 0, 1.5, null, []]) {
      expect(workerLimits({ metadata: { 'rpc.worker_threads': value } }).workerThreads).toBe(5);
    }
    expect(workerLimits({ metadata: { 'rpc.max_queue_size': 0 } }).maxQueueSize).toBe(0);
  });

  test('the crash block is read at the top level', () => {
    expect(workerLimits({ runtime: { enable_crash_block: true } }).crashBlock).toBe(true);
    expect(workerLimits({ runtime: { enable_crash_block: 'false' } }).crashBlock).toBe(false);
  });

  test('properties are flat text', () => {
    expect(flattenProperties({ a: { b: 1, c: { d: true } }, e: [1, 2], f: 'x', g: null })).toEqual({
      'a.b': '1',
      'a.c.d': 'true',
      e: '[1,2]',
      f: 'x',
    });
  });
});

describe('restarts', () => {
  test.each([
    [0, 0, 500, 1],
    [1, 0, 1000, 2],
    [2, 5000, 2000, 3],
    [6, 0, 32_000, 7],
    [7, 0, MAX_RESTART_DELAY_MS, 8],
    [1000, 0, MAX_RESTART_DELAY_MS, 1001],
    [7, STEADY_MS, 500, 1],
  ])('after %p failures and %p ms of readiness: %p ms', (failures, readyMs, delayMs, next) => {
    expect(nextRestart({ failures, readyMs })).toEqual({ delayMs, failures: next });
  });
});

describe('return codes', () => {
  test.each([
    [0, 200],
    [200, 200],
    [204, 204],
    [400, 400],
    [404, 404],
    [450, 450],
    [500, 500],
    [-1, 400],
    [1, 400],
    [100, 400],
    [299, 400],
    [600, 400],
    [65_936, 400],
  ])('%p becomes %p', (code, status) => {
    expect(statusOfReturnCode(code)).toBe(status);
  });
});

describe('rate limit', () => {
  test('lets the limit through, then one for each part of a second', () => {
    const rate = new RateLimit(10);
    const passed = (nowMs: number, tries: number) =>
      Array.from({ length: tries }, () => rate.take(nowMs)).filter(Boolean).length;
    expect(passed(1000, 20)).toBe(10);
    expect(passed(1100, 20)).toBe(1);
    expect(passed(1150, 20)).toBe(0);
    expect(passed(5000, 20)).toBe(10);
  });

  test('0 is off, and may be set later', () => {
    const rate = new RateLimit(0);
    expect(Array.from({ length: 50 }, () => rate.take(0)).every(Boolean)).toBe(true);
    rate.set(1);
    expect([rate.take(0), rate.take(0)]).toEqual([true, false]);
  });
});
