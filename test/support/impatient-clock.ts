import type { Clock } from '../../src/base/clock.ts';

/** What is to be waited for longer than this, and no longer than twice as long, is over after `fewMs`: time leaps. */
const muchMs = 60_000;
const fewMs = 1_000;

/** Real time for real sockets, for tests of what takes a minute or two. No jitter. */
export function impatientClock(): Clock {
  let leaptMs = 0;
  const monotonicMs = (): number => performance.now() + leaptMs;
  return {
    now: () => Date.now() + leaptMs,
    monotonicMs,
    random: () => 0.5,
    schedule: (callback, delayMs) => {
      const isMuch = delayMs > muchMs && delayMs <= 2 * muchMs;
      const dueAt = monotonicMs() + delayMs;
      const fire = (): void => {
        if (isMuch) leaptMs += Math.max(0, dueAt - monotonicMs());
        callback();
      };
      const timer = setTimeout(fire, isMuch ? fewMs : delayMs);
      return () => clearTimeout(timer);
    },
  };
}
