import { systemClock } from '../../src/app/system-clock.ts';
import type { Clock } from '../../src/base/clock.ts';

export interface RecordingClock extends Clock {
  /** The number of pending timers. */
  readonly pending: number;
  /** The longest delay of the timers set since the last `forget`. */
  readonly longestMs: number;
  forget(): void;
}

/** Real time without jitter, with the longest timer recorded. */
export function recordingClock(): RecordingClock {
  const waiting = new Set<object>();
  let longestMs = 0;
  return {
    ...systemClock,
    random: () => 0,
    schedule: (callback, delayMs) => {
      longestMs = Math.max(longestMs, delayMs);
      const timer = {};
      waiting.add(timer);
      const cancel = systemClock.schedule(() => {
        waiting.delete(timer);
        callback();
      }, delayMs);
      return () => {
        waiting.delete(timer);
        cancel();
      };
    },
    get pending() {
      return waiting.size;
    },
    get longestMs() {
      return longestMs;
    },
    forget: () => {
      longestMs = 0;
    },
  };
}
