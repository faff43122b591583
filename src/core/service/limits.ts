import type { WorkerLimits } from '../worker/spec.ts';
import type { ServiceDocument } from './model.ts';

/** Defaults of serving.md (e) and eascmd.md 3.4. */
export const DEFAULT_LIMITS: WorkerLimits = {
  workerThreads: 5,
  ioThreads: 4,
  maxQueueSize: 64,
  keepaliveMs: 5000,
  rateLimit: 0,
  enableSigterm: false,
  crashBlock: false,
};

/** `eas.termination_grace_period`, in seconds, when the document says nothing. */
export const DEFAULT_GRACE_SECONDS = 30;

/**
 * Flattens a document's `metadata` to dotted names with text values (`rpc.keepalive` -> `5000`), which is what
 * `Property.get` answers in a processor. Flat and nested spellings end up the same; the flat one wins.
 */
export function flattenProperties(metadata: unknown): Record<string, string> {
  const flat: Record<string, string> = {};
  const walk = (value: unknown, name: string): void => {
    if (value === null || value === undefined) return;
    if (typeof value === 'object' && !Array.isArray(value)) {
      for (const [key, inner] of Object.entries(value)) {
        if (typeof inner === 'object') walk(inner, name ? `${name}.${key}` : key);
      }
      for (const [key, inner] of Object.entries(value)) {
        if (typeof inner !== 'object') walk(inner, name ? `${name}.${key}` : key);
      }
      return;
    }
    flat[name] = typeof value === 'object' ? JSON.stringify(value) : String(value);
  };
  walk(metadata, '');
  return flat;
}

/**
 * Limits of one instance from a service document: `metadata.rpc.*` flat or nested, numbers or text, `workers` as
 * the alias of `rpc.worker_threads`, `runtime.enable_crash_block` at the top level. A value that is no number of
 * the allowed range leaves the default in place: the document reader has refused it before.
 */
export function workerLimits(document: ServiceDocument): WorkerLimits {
  const metadata = flattenProperties(document.metadata);
  const runtime = flattenProperties({ runtime: document.runtime });
  const crashBlock = runtime['runtime.enable_crash_block'] ?? metadata['runtime.enable_crash_block'];
  return {
    ...limitsFromProperties(metadata, {
      ...DEFAULT_LIMITS,
      workerThreads: integer(metadata.workers, 1) ?? DEFAULT_LIMITS.workerThreads,
    }),
    crashBlock: isTrue(crashBlock),
  };
}

/** The `rpc.*` limits found in `properties`, the rest as in `base`; processors may change them while running. */
export function limitsFromProperties(properties: Record<string, string>, base: WorkerLimits): WorkerLimits {
  const sigterm = properties['rpc.enable_sigterm'];
  return {
    workerThreads: integer(properties['rpc.worker_threads'], 1) ?? base.workerThreads,
    ioThreads: integer(properties['rpc.io_threads'], 1) ?? base.ioThreads,
    maxQueueSize: integer(properties['rpc.max_queue_size'], 0) ?? base.maxQueueSize,
    keepaliveMs: integer(properties['rpc.keepalive'], 1) ?? base.keepaliveMs,
    rateLimit: integer(properties['rpc.rate_limit'], 0) ?? base.rateLimit,
    enableSigterm: sigterm === undefined ? base.enableSigterm : isTrue(sigterm),
    crashBlock: base.crashBlock,
  };
}

/** Milliseconds from `metadata.eas.termination_grace_period` (seconds). */
export function graceMs(document: ServiceDocument): number {
  const seconds = integer(flattenProperties(document.metadata)['eas.termination_grace_period'], 0);
  return (seconds ?? DEFAULT_GRACE_SECONDS) * 1000;
}

function integer(text: string | undefined, least: number): number | undefined {
  if (text === undefined || !/^\s*\d+\s*$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) && value >= least ? value : undefined;
}

function isTrue(text: string | undefined): boolean {
  return text?.trim().toLowerCase() === 'true';
}
