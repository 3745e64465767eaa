/** Decides from recent samples whether the process is overloaded, so that the gate refuses new work. */
import type { Clock } from '../base/clock.ts';
import type { Load, LoadGauge } from './load-gauge.ts';

export interface LoadLimits {
  /** The delay of the event loop, at the 99th percentile. */
  readonly loopDelayMs: number;
  /** The share of time in which the event loop is not idle. */
  readonly utilization: number;
  /** The share of the memory that the process may have. */
  readonly memoryShare: number;
}

export const defaultLoadLimits: LoadLimits = { loopDelayMs: 200, utilization: 0.95, memoryShare: 0.85 };

const sampleMs = 1_000;

/**
 * The weight of the last ten samples that means overload; a slow sample weighs 1. One event for ten thousand readers
 * takes a third of a second, and so do a thousand clients that connect at once: such a load passes by itself, and
 * refused clients would only come back later. The slow samples need not be in a row, since a client that is blocked for
 * a second again and again waits as long as without the pauses.
 */
const overloadWeight = 5;
const recentSamples = 10;

/**
 * A loop without an idle moment may still turn fast: what cannot be served then waits in the kernel's queue, where nobody
 * refuses it. Three such seconds are an overload, in which the gate still admits as many as it can answer soon.
 */
const busyWeight = 2;

/**
 * A block longer than this also delays its sample by as much, so the sample weighs 3. It weighs no more however long
 * the block was: the block is over, and one block is no overload.
 */
const longBlockMs = 1_000;

/**
 * The number of fine samples in a row that end an overload. While the gate refuses new work a sample is soon fine; to
 * admit everybody at the first one would mean to refuse them at the next.
 */
const fineSamples = 3;

/** Takes a sample each second until it is stopped. */
export class LoadMonitor {
  readonly #clock: Clock;
  readonly #gauge: LoadGauge;
  readonly #limits: LoadLimits;
  /** The weights of the recent samples, the latest first. */
  #recent: readonly number[] = [];
  #isOverloaded = false;
  #isMemoryFull = false;
  #cancel: () => void;

  constructor(clock: Clock, gauge: LoadGauge, limits: LoadLimits) {
    this.#clock = clock;
    this.#gauge = gauge;
    this.#limits = limits;
    this.#cancel = clock.schedule(this.#sample, sampleMs);
  }

  get isOverloaded(): boolean {
    return this.#isOverloaded;
  }

  /** As of the latest sample. */
  get isMemoryFull(): boolean {
    return this.#isMemoryFull;
  }

  stop(): void {
    this.#cancel();
    this.#gauge.stop();
  }

  readonly #sample = (): void => {
    this.#cancel = this.#clock.schedule(this.#sample, sampleMs);
    const load = this.#gauge.sample();
    this.#isMemoryFull = load.memoryShare > this.#limits.memoryShare;
    this.#recent = [this.#weightOf(load), ...this.#recent].slice(0, recentSamples);
    this.#isOverloaded = this.#isOverloaded ? !this.#hasRecovered() : this.#hasBecomeOverloaded();
  };

  /** Full memory does not pass by itself. */
  #weightOf({ loopDelayMs, utilization }: Load): number {
    if (this.#isMemoryFull) return overloadWeight;
    if (loopDelayMs <= this.#limits.loopDelayMs) return utilization > this.#limits.utilization ? busyWeight : 0;
    return loopDelayMs > longBlockMs ? 3 : 1;
  }

  /** A fine sample never begins an overload, even if the previous overload left enough weight. */
  #hasBecomeOverloaded(): boolean {
    return this.#recent[0] !== 0 && this.#recent.reduce((sum, weight) => sum + weight, 0) >= overloadWeight;
  }

  #hasRecovered(): boolean {
    return this.#recent.slice(0, fineSamples).every((weight) => weight === 0);
  }
}
