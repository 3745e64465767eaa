import type { Clock } from '../../src/base/clock.ts';

/** Real time for real sockets; chance is nought, so that full jitter makes every wait before a retry nought as well. */
export const hastyClock: Clock = {
  now: Date.now,
  monotonicMs: () => performance.now(),
  random: () => 0,
  schedule: (callback, delayMs) => {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};
