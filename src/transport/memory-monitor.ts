/** Watches how much of its memory the process uses, so that the gate refuses new work before the process ends. */
import type { Clock } from '../base/clock.ts';
import type { MemoryGauge } from './memory-gauge.ts';

/** Of the memory that the process may have. */
const fullShare = 0.85;
const sampleMs = 1_000;

/**
 * The number of samples below the limit after which memory is no longer full. While the gate refuses new work a sample is soon
 * below it; to admit everybody at the first one would mean to refuse them at the next.
 */
const fineSamples = 3;

/** Takes a sample each second until it is stopped. */
export class MemoryMonitor {
  readonly #clock: Clock;
  readonly #gauge: MemoryGauge;
  #fineInARow = fineSamples;
  #cancel: () => void;

  constructor(clock: Clock, gauge: MemoryGauge) {
    this.#clock = clock;
    this.#gauge = gauge;
    this.#cancel = clock.schedule(this.#sample, sampleMs);
  }

  get isFull(): boolean {
    return this.#fineInARow < fineSamples;
  }

  stop(): void {
    this.#cancel();
    this.#gauge.stop();
  }

  readonly #sample = (): void => {
    this.#cancel = this.#clock.schedule(this.#sample, sampleMs);
    this.#fineInARow = this.#gauge.usedShare() > fullShare ? 0 : this.#fineInARow + 1;
  };
}
