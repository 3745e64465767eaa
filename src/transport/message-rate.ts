/** Limits the rate of messages of one WebSocket. */
import type { Clock } from '../base/clock.ts';

/** The burst, in seconds of the lasting rate. */
const burstSeconds = 10;

/** Pings, and a few messages that a client sends by itself after it reconnects. */
const spareMessages = 10;

/**
 * A token bucket. However low the lasting rate, a client that reconnects may send `connection_init`, begin all
 * operations that a socket may have, and complete them again, in one burst.
 */
export class MessageRate {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #intervalMs: number;
  readonly burst: number;
  #paidUntil = 0;

  constructor(clock: Pick<Clock, 'monotonicMs'>, messagesPerSecond: number, operations: number) {
    this.#clock = clock;
    this.#intervalMs = 1_000 / messagesPerSecond;
    this.burst = Math.max(burstSeconds * messagesPerSecond, 1 + 2 * operations + spareMessages);
  }

  /** Counts one message and returns true, or false if it comes too early. */
  take(): boolean {
    if (this.waitMs() > 0) return false;
    this.#paidUntil = Math.max(this.#paidUntil, this.#clock.monotonicMs()) + this.#intervalMs;
    return true;
  }

  /** The time until the next message may come. */
  waitMs(): number {
    if (this.#intervalMs === 0) return 0;
    const aheadMs = Math.max(0, this.#paidUntil - this.#clock.monotonicMs());
    return Math.max(0, aheadMs - (this.burst - 1) * this.#intervalMs);
  }
}
