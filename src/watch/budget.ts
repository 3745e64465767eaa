/** How many calls a second the watcher may make to one service, whatever the number of jobs it watches. */
import type { Clock } from '../base/clock.ts';
import { grantedMs } from './schedule.ts';

/** Each throttled call halves what may be called, down to this share of the budget; it grows back in `recoveryMs`. */
const leastShare = 1 / 16;
const recoveryMs = 60_000;

/** A token bucket that holds one second's worth of calls. Those who wait are served in the order in which they came. */
export class CallBudget {
  readonly #clock: Clock;
  readonly #wholeCallsPerSecond: number;
  /** When the bucket will hold no debt: each call moves it on by its share of a second. */
  #paidUntil = 0;
  /** The part of the budget that the service bore when it last complained, and when that was. */
  #share = 1;
  #throttledAt = 0;

  constructor(clock: Clock, callsPerSecond: number) {
    this.#clock = clock;
    this.#wholeCallsPerSecond = callsPerSecond;
  }

  /** Calls a second that may be made now: all of the budget, less after the service has throttled. */
  get callsPerSecond(): number {
    const regained = (this.#clock.monotonicMs() - this.#throttledAt) / recoveryMs;
    return this.#wholeCallsPerSecond * Math.min(1, this.#share + regained);
  }

  /** Resolves when one more call may be made; rejects with the reason of `signal` if that fires first. */
  async take(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const now = this.#clock.monotonicMs();
    const shareMs = 1_000 / this.callsPerSecond;
    this.#paidUntil = Math.max(this.#paidUntil, now) + shareMs;
    const burstMs = Math.max(1_000, shareMs);
    const waitMs = this.#paidUntil - now - burstMs;
    if (waitMs > 0) await this.#wait(waitMs, signal);
  }

  /** The service asked for fewer calls; with `retryAfterMs`, for none until then, or for five minutes where that is more. */
  throttle(retryAfterMs: number | undefined): void {
    const now = this.#clock.monotonicMs();
    this.#share = Math.max(leastShare, this.callsPerSecond / this.#wholeCallsPerSecond / 2);
    this.#throttledAt = now;
    const burstMs = Math.max(1_000, 1_000 / this.callsPerSecond);
    const waitMs = grantedMs(retryAfterMs);
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
