import type { Clock } from '../../src/base/clock.ts';

export interface LeapingClock extends Clock {
  /** Later by so much from now on; timers that wait stay as they are. */
  leap(ms: number): void;
}

/** Stands still between leaps, however slow the machine is; its timers are real, for real sockets. No jitter. */
export function leapingClock(): LeapingClock {
  const startedAt = Date.now();
  let leaptMs = 0;
  return {
    now: () => startedAt + leaptMs,
    monotonicMs: () => leaptMs,
    random: () => 0,
    schedule: (callback, delayMs) => {
      const timer = setTimeout(callback, delayMs);
      return () => clearTimeout(timer);
    },
    leap: (ms) => {
      leaptMs += ms;
    },
  };
}
