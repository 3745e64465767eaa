import type { Clock } from '../../src/base/clock.ts';

export interface SkippingClock extends Clock {
  /** Moves the time; pending timers are unaffected. */
  skip(ms: number): void;
}

/** Time moves only by `skip`, however slow the machine is; timers are real, for sockets. No jitter. */
export function skippingClock(): SkippingClock {
  const startedAt = Date.now();
  let skippedMs = 0;
  return {
    now: () => startedAt + skippedMs,
    monotonicMs: () => skippedMs,
    random: () => 0,
    schedule: (callback, delayMs) => {
      const timer = setTimeout(callback, delayMs);
      return () => clearTimeout(timer);
    },
    skip: (ms) => {
      skippedMs += ms;
    },
  };
}
