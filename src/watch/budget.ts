/** Limits the watcher's calls a second to one service, whatever the number of watched jobs. */
import type { Clock } from '../base/clock.ts';
import { effectiveRetryAfterMs } from './poll-interval.ts';

/** Each throttled call halves the rate, down to this share of the budget; the rate recovers within `recoveryMs`. */
const leastShare = 1 / 16;
const recoveryMs = 60_000;

/** A token bucket with a capacity of one second's calls. Waiters are served in order of arrival. */
export class CallBudget {
  readonly #clock: Clock;
  readonly #wholeCallsPerSecond: number;
  /** When the bucket's debt is paid: each call adds its share of a second. */
  #paidUntil = 0;
  /** The share of the budget after the last throttled call, and when that call was. */
  #share = 1;
  #throttledAt = 0;

  constructor(clock: Clock, callsPerSecond: number) {
    this.#clock = clock;
    this.#wholeCallsPerSecond = callsPerSecond;
  }

  /** Calls a second that may be made now: the whole budget, or less after the service has throttled. */
  get callsPerSecond(): number {
    const regained = (this.#clock.monotonicMs() - this.#throttledAt) / recoveryMs;
    return this.#wholeCallsPerSecond * Math.min(1, this.#share + regained);
  }

  /** Resolves when one more call may be made; rejects with the reason of `signal` if it aborts first. */
  async take(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const now = this.#clock.monotonicMs();
    const shareMs = 1_000 / this.callsPerSecond;
    this.#paidUntil = Math.max(this.#paidUntil, now) + shareMs;
    const burstMs = Math.max(1_000, shareMs);
    const waitMs = this.#paidUntil - now - burstMs;
    if (waitMs > 0) await this.#wait(waitMs, signal);
  }

  /** The service has throttled. With `retryAfterMs` no call is made until then, for five minutes at most. */
  throttle(retryAfterMs: number | undefined): void {
    const now = this.#clock.monotonicMs();
    this.#share = Math.max(leastShare, this.callsPerSecond / this.#wholeCallsPerSecond / 2);
    this.#throttledAt = now;
    const burstMs = Math.max(1_000, 1_000 / this.callsPerSecond);
    const waitMs = effectiveRetryAfterMs(retryAfterMs);
    if (waitMs > 0) this.#paidUntil = Math.max(this.#paidUntil, now + waitMs + burstMs);
  }

  #wait(waitMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const cancel = this.#clock.schedule(() => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      }, waitMs);
      const onAbort = (): void => {
        cancel();
        reject(signal.reason);
      };
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }
}
