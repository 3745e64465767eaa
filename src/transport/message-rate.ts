/** How fast one WebSocket may talk. */
import type { Clock } from '../base/clock.ts';

/** So much of the lasting rate may come at once, in seconds. */
const burstSeconds = 10;

/** Pings, and whatever a client says for itself when it has come back. */
const asides = 10;

/**
 * A token bucket. However low the lasting rate, a client that comes back may at once say `connection_init`, begin all operations
 * that a socket may have, and end them again.
 */
export class MessageRate {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #intervalMs: number;
  readonly burst: number;
  #paidUntil = 0;

  constructor(clock: Pick<Clock, 'monotonicMs'>, messagesPerSecond: number, operations: number) {
    this.#clock = clock;
    this.#intervalMs = 1_000 / messagesPerSecond;
    this.burst = Math.max(burstSeconds * messagesPerSecond, 1 + 2 * operations + asides);
  }

  /** Counts one message, unless it comes too early. */
  take(): boolean {
    if (this.waitMs() > 0) return false;
    this.#paidUntil = Math.max(this.#paidUntil, this.#clock.monotonicMs()) + this.#intervalMs;
    return true;
  }

  /** How long until the next message may come. */
  waitMs(): number {
    if (this.#intervalMs === 0) return 0;
    const aheadMs = Math.max(0, this.#paidUntil - this.#clock.monotonicMs());
    return Math.max(0, aheadMs - (this.burst - 1) * this.#intervalMs);
  }
}
