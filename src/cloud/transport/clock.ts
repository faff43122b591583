import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../../core/retry.ts';

export const systemClock: Clock = {
  now: Date.now,
  random: Math.random,
  async sleep(ms, signal) {
    await wait(ms, undefined, { signal }).catch((error) => {
      throw signal?.aborted ? signal.reason : error;
    });
  },
};
