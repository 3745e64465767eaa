import type { Clock } from '../../src/clock.ts';

export interface LeapingClock extends Clock {
  /** Later by so much from now on; timers that wait stay as they are. */
  leap(ms: number): void;
}

/** Real time for real sockets, which can also leap ahead; no jitter. */
export function leapingClock(): LeapingClock {
  let leaptMs = 0;
  return {
    now: () => Date.now() + leaptMs,
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
