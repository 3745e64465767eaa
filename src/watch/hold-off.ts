/** A service's request to wait (`Retry-After`) that is so long that the last events become out of date. */
import type { Clock } from '../base/clock.ts';

export class HoldOff {
  readonly #clock: Clock;
  readonly #onBegin: () => void;
  #beganAt = Number.NEGATIVE_INFINITY;
  #until = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, onBegin: () => void) {
    this.#clock = clock;
    this.#onBegin = onBegin;
  }

  get isActive(): boolean {
    return this.remainingMs > 0;
  }

  /** Milliseconds until it ends; 0 if none is active. */
  get remainingMs(): number {
    return Math.max(0, this.#until - this.#clock.monotonicMs());
  }

  begin(ms: number): void {
    const wasActive = this.isActive;
    const now = this.#clock.monotonicMs();
    this.#until = Math.max(this.#until, now + ms);
    this.#beganAt = now;
    if (!wasActive) this.#onBegin();
  }

  /**
   * A reading succeeded that began at `startedAt`, by the monotonic clock. If it began after the hold-off did, the
   * hold-off ends.
   */
  onRead(startedAt: number): void {
    if (startedAt > this.#beganAt) this.#until = Number.NEGATIVE_INFINITY;
  }
}
