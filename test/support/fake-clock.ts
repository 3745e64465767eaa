import type { Clock } from '../../src/base/clock.ts';

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/** A clock that stands still until it is told to move. */
export class FakeClock implements Clock {
  #now: number;
  #setByMs = 0;
  readonly #timers = new Set<Timer>();

  constructor(now = Date.parse('2026-01-01T00:00:00Z')) {
    this.#now = now;
  }

  readonly now = (): number => this.#now + this.#setByMs;

  readonly monotonicMs = (): number => this.#now;

  /** The middle of every range: no jitter. */
  readonly random = (): number => 0.5;

  readonly schedule = (callback: () => void, delayMs: number): (() => void) => {
    const timer = { at: this.#now + delayMs, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  };

  get pendingTimers(): number {
    return this.#timers.size;
  }

  /** Somebody sets the clock by so much: dates leap, and no time passes. */
  readonly setBy = (ms: number): void => {
    this.#setByMs += ms;
  };

  /** Moves on by `ms`, firing what falls due on the way, in order; promises settle between one timer and the next. */
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms;
    await settle();
    for (let next = this.#nextBefore(until); next !== undefined; next = this.#nextBefore(until)) {
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.callback();
      await settle();
    }
    this.#now = until;
  }

  #nextBefore(until: number): Timer | undefined {
    const due = [...this.#timers].filter((timer) => timer.at <= until);
    return due.sort((a, b) => a.at - b.at)[0];
  }
}

/** Lets everything that waits for a promise, and not for time, run as far as it can. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
