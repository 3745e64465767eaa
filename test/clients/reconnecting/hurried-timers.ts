/** Timers that run a hundred times as fast, so that tests of waits by the client's own figures need not wait. */
import { onTestFinished, vi } from 'vitest';

const factor = 100;

export interface HurriedTimers {
  /** The delays in milliseconds that were asked for, without the very short ones. */
  readonly delays: readonly number[];
  /** What timers threw. */
  readonly thrown: readonly unknown[];
}

/** Until the test ends. Random numbers are the largest, so that each wait is the longest of its kind. */
export function hurryTimers(): HurriedTimers {
  const delays: number[] = [];
  const thrown: unknown[] = [];
  const original = globalThis.setTimeout;
  const hurried = (callback: () => void, delayMs = 0): NodeJS.Timeout => {
    if (delayMs >= 50) delays.push(Math.round(delayMs));
    return original(() => {
      try {
        callback();
      } catch (error) {
        thrown.push(error);
      }
    }, delayMs / factor);
  };
  vi.stubGlobal('setTimeout', hurried);
  vi.spyOn(Math, 'random').mockReturnValue(0.999_999);
  onTestFinished(() => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });
  return { delays, thrown };
}
