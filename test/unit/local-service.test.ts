import { describe, expect, test } from 'bun:test';
import { changeKind } from '../../src/local/service/change.ts';
import { mergeConfig } from '../../src/local/service/merge.ts';
import { newInstanceName } from '../../src/local/service/names.ts';
import { readSpec } from '../../src/local/service/read.ts';
import type { Config } from '../../src/local/service/spec.ts';

const base: Config = {
  name: 'echo_one',
  processor_path: '/p.tar.gz',
  processor_entry: './app.py',
  metadata: { instance: 2 },
};
const read = (change: Config = {}) => readSpec({ ...base, ...change });

describe('the service JSON as the service reads it', () => {
  test('defaults are those of the reference', () => {
    expect(read()).toMatchObject({
      token: undefined,
      processor: { type: 'python', entry: './app.py' },
      limits: {
        workerThreads: 5,
        ioThreads: 4,
        maxQueueSize: 64,
        keepaliveMs: 5000,
        rateLimit: 0,
        crashBlock: false,
      },
      graceMs: 30_000,
      maxSurge: 1,
      maxUnavailable: 0,
      modelConfig: '',
    });
  });

  test.each([
    [{ instance: 1, 'rpc.keepalive': 100 }],
    [{ instance: 1, rpc: { keepalive: 100 } }],
    [{ instance: 1, rpc: { keepalive: '100' } }],
    [{ instance: '1', 'rpc.keepalive': '100', rpc: { keepalive: 7 } }],
  ])('limits may be dotted or nested, numbers or text: %j', (metadata) => {
    expect(read({ metadata }).limits.keepaliveMs).toBe(100);
  });

  test('workers is the old name of rpc.worker_threads, which wins', () => {
    expect(read({ metadata: { instance: 1, workers: 9 } }).limits.workerThreads).toBe(9);
    expect(
      read({ metadata: { instance: 1, workers: 9, 'rpc.worker_threads': 3 } }).limits.workerThreads,
    ).toBe(3);
  });

  test.each([
    ['http://h/models%2Fmnist.tar.gz', ''],
    ['oss://b/dir/model.pmml', 'model.pmml'],
    ['http://h/model.pt?sign=1', 'model.pt'],
    ['oss://b/dir/', ''],
  ])('without model_entry, %s gives %p', (model_path, entry) => {
    expect(read({ model_path }).modelEntry).toBe(entry);
  });

  test('model_config may be text or an object', () => {
    expect(read({ model_config: { type: 'x' } }).modelConfig).toBe('{"type":"x"}');
    expect(read({ model_config: 'as it is' }).modelConfig).toBe('as it is');
  });

  test.each([
    ['2%', 1, 0],
    ['50%', 2, 0],
    [0, 1, 0],
  ])('max_surge %p of 4 instances is %d', (max_surge, surge, unavailable) => {
    const spec = read({ metadata: { instance: 4, rolling_strategy: { max_surge } } });
    expect([spec.maxSurge, spec.maxUnavailable]).toEqual([surge, unavailable]);
  });
});

describe('updates', () => {
  test('merge keeps what is not named, null takes away, and both spellings of rpc are one field', () => {
    const stored = { a: 1, metadata: { instance: 1, 'rpc.keepalive': 5, rpc: { io_threads: 2 } } };
    expect(mergeConfig(stored, { a: null, metadata: { rpc: { keepalive: 9 } } })).toEqual({
      metadata: { instance: 1, rpc: { io_threads: 2, keepalive: 9 } },
    });
    expect(mergeConfig(stored, { metadata: { 'rpc.io_threads': 8 } }).metadata).toEqual({
      instance: 1,
      'rpc.keepalive': 5,
      'rpc.io_threads': 8,
      rpc: {},
    });
  });

  test.each([
    ['scale', { metadata: { instance: 5 } }],
    ['settings', { metadata: { instance: 5, cpu: 2 } }],
    ['settings', { token: 'new' }],
    ['nothing', { metadata: { instance: 2 } }],
    ['version', { model_path: '/m' }],
    ['version', { processor_path: '/p.tar.gz' }],
  ] as [string, Config][])('%s for %j', (kind, sent) => {
    expect(changeKind(sent, base, mergeConfig(base, sent))).toBe(kind as never);
  });

  test('instance names are those of pods: dashes, a hash of the template, five letters', () => {
    const [one, two] = [newInstanceName('echo_one', '1.1'), newInstanceName('echo_one', '1.1')] as [
      string,
      string,
    ];
    expect(one).toMatch(/^echo-one-[0-9a-z]{10}-[0-9a-z]{5}$/);
    expect(one.slice(0, -6)).toBe(two.slice(0, -6));
    expect(newInstanceName('echo_one', '2.1').slice(0, -6)).not.toBe(one.slice(0, -6));
  });
});
