/** For how long a service has asked to be left alone, where that is so long that what was told grows old. */
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
    return this.leftMs > 0;
  }

  /** Milliseconds until it is over; 0 where there is none. */
  get leftMs(): number {
    return Math.max(0, this.#until - this.#clock.monotonicMs());
  }

  begin(ms: number): void {
    const wasActive = this.isActive;
    const now = this.#clock.monotonicMs();
    this.#until = Math.max(this.#until, now + ms);
    this.#beganAt = now;
    if (!wasActive) this.#onBegin();
  }

  /** A reading that was begun at `startedAt`, by the monotonic clock, went well: if that was later, the service is asked again. */
  onRead(startedAt: number): void {
    if (startedAt > this.#beganAt) this.#until = Number.NEGATIVE_INFINITY;
  }
}
