import type { Clock } from '../../src/base/clock.ts';

/** Real time with `random` 0, so that full jitter makes every wait before a retry 0. */
export const noBackoffClock: Clock = {
  now: Date.now,
  monotonicMs: () => performance.now(),
  random: () => 0,
  schedule: (callback, delayMs) => {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};
