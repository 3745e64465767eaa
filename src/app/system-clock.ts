/** The system's time and randomness, read only here. */
import type { Clock } from '../base/clock.ts';

export const systemClock: Clock = {
  now: Date.now,
  monotonicMs: () => performance.now(),
  random: Math.random,
  schedule: (callback, delayMs) => {
    let timer: NodeJS.Timeout;
    const wait = (leftMs: number): void => {
      const stepMs = Math.min(leftMs, longestTimeoutMs);
      timer = setTimeout(stepMs < leftMs ? () => wait(leftMs - stepMs) : callback, stepMs);
    };
    wait(delayMs);
    return () => clearTimeout(timer);
  },
};

/** `setTimeout` fires at once, with a warning, for a longer time (documentation of Node). */
const longestTimeoutMs = 2 ** 31 - 1;
