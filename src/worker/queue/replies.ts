import type { Reply } from './job.ts';

/** What the host itself answers. Bodies of 401, 408, 429 and 450 are documented nowhere (serving.md a.7). */
export const replies = {
  unauthorized: { status: 401, body: 'token is missing or wrong' },
  timeout: { status: 408, body: 'request timeout', close: true },
  tooManyRequests: { status: 429, body: 'rate limit exceeded' },
  queueFull: { status: 450, body: 'queue is full', close: true },
  notReady: { status: 503, body: 'no healthy upstream' },
  reset: { status: 503, body: 'upstream connect error or disconnect/reset before headers' },
} satisfies Record<string, Reply>;
