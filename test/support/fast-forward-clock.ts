import type { Clock } from '../../src/base/clock.ts';

/** Timers longer than this and at most twice as long fire after `fewMs`, and the time jumps. */
const longMs = 60_000;
const shortMs = 1_000;

/** Real time for sockets, for tests of waits of a minute or two. No jitter. */
export function fastForwardClock(): Clock {
  let skippedMs = 0;
  const monotonicMs = (): number => performance.now() + skippedMs;
  return {
    now: () => Date.now() + skippedMs,
    monotonicMs,
    random: () => 0.5,
    schedule: (callback, delayMs) => {
      const isLong = delayMs > longMs && delayMs <= 2 * longMs;
      const dueAt = monotonicMs() + delayMs;
      const fire = (): void => {
        if (isLong) skippedMs += Math.max(0, dueAt - monotonicMs());
        callback();
      };
      const timer = setTimeout(fire, isLong ? shortMs : delayMs);
      return () => clearTimeout(timer);
    },
  };
}
