import { systemClock } from '../../src/app/system-clock.ts';
import type { Clock } from '../../src/base/clock.ts';

export interface CountingClock extends Clock {
  /** The number of timers of `delayMs` that were set, and of those still pending. */
  timersOf(delayMs: number): { readonly set: number; readonly waiting: number };
}

/** Real time, with the timers counted. */
export function countingClock(): CountingClock {
  const set = new Map<number, number>();
  const waiting = new Map<number, number>();
  const add = (counts: Map<number, number>, delayMs: number, by: number): void => {
    counts.set(delayMs, (counts.get(delayMs) ?? 0) + by);
  };
  return {
    ...systemClock,
    schedule: (callback, delayMs) => {
      let isWaiting = true;
      const end = (): void => {
        if (isWaiting) add(waiting, delayMs, -1);
        isWaiting = false;
      };
      add(set, delayMs, 1);
      add(waiting, delayMs, 1);
      const cancel = systemClock.schedule(() => {
        end();
        callback();
      }, delayMs);
      return () => {
        end();
        cancel();
      };
    },
    timersOf: (delayMs) => ({ set: set.get(delayMs) ?? 0, waiting: waiting.get(delayMs) ?? 0 }),
  };
}
