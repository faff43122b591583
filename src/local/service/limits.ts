import type { WorkerLimits } from '../../core/worker/spec.ts';
import type { Config } from './spec.ts';
import { booleanField, lookup, numberField } from './values.ts';

/** Reads the limits of serving.md (e) out of metadata; `workers` is the old name of rpc.worker_threads. */
export function readLimits(config: Config, metadata: Config): WorkerLimits {
  const threads = { fallback: 5, least: 1, most: 1024 };
  const named = lookup(metadata, 'rpc.worker_threads') === undefined ? 'workers' : 'rpc.worker_threads';
  return {
    workerThreads: numberField(metadata, named, threads),
    ioThreads: numberField(metadata, 'rpc.io_threads', { fallback: 4, least: 1, most: 1024 }),
    maxQueueSize: numberField(metadata, 'rpc.max_queue_size', { fallback: 64, least: 0, most: 1_000_000 }),
    keepaliveMs: numberField(metadata, 'rpc.keepalive', { fallback: 5000, least: 1, most: 86_400_000 }),
    rateLimit: numberField(metadata, 'rpc.rate_limit', { fallback: 0, least: 0 }),
    enableSigterm: booleanField(metadata, 'rpc.enable_sigterm', false),
    crashBlock: booleanField(config, 'runtime.enable_crash_block', false),
  };
}
