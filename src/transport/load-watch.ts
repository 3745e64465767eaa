/** Whether the process has more to do than it can, so that new work is better refused than half done. */
import type { Clock } from '../base/clock.ts';
import type { Load, LoadGauge } from './load-gauge.ts';

export interface LoadLimits {
  /** The delay of the event loop, at the 99th percentile. */
  readonly loopDelayMs: number;
  /** The part of the memory that the process may have. */
  readonly memoryShare: number;
}

export const defaultLoadLimits: LoadLimits = { loopDelayMs: 200, memoryShare: 0.85 };

const lookMs = 1_000;

/**
 * How many of the last ten looks must have been slow. One event that goes out to ten thousand readers takes a third of a second,
 * and so do a thousand that connect at once: that passes by itself, and to refuse them would only bring them back later. They need
 * not be in a row: who is held up for a second, again and again, waits as much as if there were no pauses.
 */
const slowLooks = 5;
const recentLooks = 10;

/**
 * A look that saw a block of more than a second came as much late, and counts three times. No more than that: however long a block was,
 * it is over, and by itself it is no overload.
 */
const longBlockMs = 1_000;

/**
 * How many looks in a row must be fine again. While new work is refused a look is soon fine, and to let everybody in at the first
 * would be to refuse them at the next.
 */
const fineLooks = 3;

/** Looks once a second until it is stopped. */
export class LoadWatch {
  readonly #clock: Clock;
  readonly #gauge: LoadGauge;
  readonly #limits: LoadLimits;
  /** How many slow looks each of the recent ones counts for, the last one first. */
  #recent: readonly number[] = [];
  #isOverloaded = false;
  #isMemoryFull = false;
  #cancel: () => void;

  constructor(clock: Clock, gauge: LoadGauge, limits: LoadLimits) {
    this.#clock = clock;
    this.#gauge = gauge;
    this.#limits = limits;
    this.#cancel = clock.schedule(this.#look, lookMs);
  }

  get isOverloaded(): boolean {
    return this.#isOverloaded;
  }

  /** As of the last look. */
  get isMemoryFull(): boolean {
    return this.#isMemoryFull;
  }

  stop(): void {
    this.#cancel();
    this.#gauge.stop();
  }

  readonly #look = (): void => {
    this.#cancel = this.#clock.schedule(this.#look, lookMs);
    const load = this.#gauge.look();
    this.#isMemoryFull = load.memoryShare > this.#limits.memoryShare;
    this.#recent = [this.#weightOf(load), ...this.#recent].slice(0, recentLooks);
    this.#isOverloaded = this.#isOverloaded ? !this.#isFineAgain() : this.#isTooMuch();
  };

  /** Memory that is full does not pass by itself. */
  #weightOf({ loopDelayMs }: Load): number {
    if (this.#isMemoryFull) return slowLooks;
    if (loopDelayMs <= this.#limits.loopDelayMs) return 0;
    return loopDelayMs > longBlockMs ? 3 : 1;
  }

  /** A fine look begins no overload, whatever the end of the last one has left behind. */
  #isTooMuch(): boolean {
    return this.#recent[0] !== 0 && this.#recent.reduce((sum, weight) => sum + weight, 0) >= slowLooks;
  }

  #isFineAgain(): boolean {
    return this.#recent.slice(0, fineLooks).every((weight) => weight === 0);
  }
}
