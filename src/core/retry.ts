/** What is known about an attempt that failed, for deciding whether another one is safe and useful. */
export interface FailedAttempt {
  /** HTTP status of the answer, when one came. */
  status?: number;
  /** The API's `Code`. */
  code?: string;
  /** Set when the exchange broke without an answer. `dropped` is a reset or an early end of the connection. */
  broken?: 'dropped' | 'other';
  /** Wait the server asked for. */
  retryAfterMs?: number;
  /** Whether the request may have reached the server. */
  wasSent: boolean;
}

export interface RetryPolicy {
  /** The first one included. */
  maxAttempts: number;
  baseDelayMs: number;
  maxDelayMs: number;
  /** A server that asks for a longer wait than this gets none: the user is told instead. */
  maxRetryAfterMs: number;
}

export const DEFAULT_RETRY: RetryPolicy = {
  maxAttempts: 4,
  baseDelayMs: 300,
  maxDelayMs: 5_000,
  maxRetryAfterMs: 60_000,
};

/**
 * Milliseconds to wait before the next attempt, or undefined to give up (design.md section 4, Network). Throttling,
 * 5xx and dropped connections are worth another attempt; `isRepeatable` is false for a request whose repetition
 * could do its work twice, which is then not repeated once it was sent. `attempt` counts from 1; `random` is in [0, 1).
 */
export function nextDelay(
  failed: FailedAttempt,
  attempt: number,
  isRepeatable: boolean,
  random: number,
  policy: RetryPolicy = DEFAULT_RETRY,
): number | undefined {
  if (attempt >= policy.maxAttempts || !isTransient(failed)) return undefined;
  if (!isRepeatable && failed.wasSent) return undefined;
  const asked = failed.retryAfterMs ?? 0;
  if (asked > policy.maxRetryAfterMs) return undefined;
  const ceiling = Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** (attempt - 1));
  // Half of the wait is fixed so that attempts do spread out, half is random so that clients do not march in step.
  return Math.round(Math.max(asked, ceiling / 2 + (ceiling / 2) * random));
}

function isTransient({ status, code, broken }: FailedAttempt): boolean {
  if (broken) return broken === 'dropped';
  if (code?.startsWith('Throttling') || status === 429) return true;
  return status !== undefined && status >= 500 && ![501, 505, 507].includes(status);
}

/**
 * `x-acs-retry-after` (milliseconds, as the vendor's darabonba runtime reads it) or `Retry-After` (seconds or an
 * HTTP date), in milliseconds.
 */
export function retryAfterMs(headers: Record<string, string | undefined>, nowMs: number): number | undefined {
  const vendor = Number.parseInt(headers['x-acs-retry-after'] ?? '', 10);
  if (vendor >= 0) return vendor;
  const value = headers['retry-after']?.trim();
  if (!value) return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}

export interface Clock {
  now(): number;
  random(): number;
  /** Rejects with the signal's reason when it is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/**
 * Runs `operation` until it succeeds or `classify` and the policy say to give up; then throws the last error.
 * `classify` returns undefined for errors that are none of the network's business.
 */
export async function withRetry<T>(
  operation: (attempt: number) => Promise<T>,
  options: {
    isRepeatable: boolean;
    classify: (error: unknown) => FailedAttempt | undefined;
    clock: Clock;
    signal?: AbortSignal;
    policy?: RetryPolicy;
  },
): Promise<T> {
  const { clock, signal } = options;
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted();
    try {
      return await operation(attempt);
    } catch (error) {
      const failed = options.classify(error);
      const delay =
        failed && nextDelay(failed, attempt, options.isRepeatable, clock.random(), options.policy);
      if (delay === undefined || signal?.aborted) throw error;
      await clock.sleep(delay, signal);
    }
  }
}
