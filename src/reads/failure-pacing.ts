/**
 * Spreads the failures of a service: one in each turn of the event loop.
 *
 * Failures come in bursts: calls that began together time out together, and an opening breaker refuses all waiting
 * calls at once. Each failure becomes a whole response, about a millisecond of work, so a hundred in a row would delay
 * the callers of the other, healthy service.
 */

/** Each turn releases one failure for every 64 that wait: they may arrive faster than turns, and must not pile up. */
const waitingPerRelease = 64;

export class FailurePacing {
  /** In the order of arrival. */
  readonly #waiting: (() => void)[] = [];
  /**
   * The newest and the oldest alternate: a call that is refused immediately does not wait behind a burst of timeouts,
   * and the burst does not wait indefinitely.
   */
  #isNewestNext = true;

  /** Resolves in the turn of the event loop in which the caller may fail. */
  turn(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      if (this.#waiting.length === 1) setImmediate(this.#release);
    });
  }

  readonly #release = (): void => {
    for (let left = Math.ceil(this.#waiting.length / waitingPerRelease); left > 0; left -= 1) {
      const next = this.#isNewestNext ? this.#waiting.pop() : this.#waiting.shift();
      this.#isNewestNext = !this.#isNewestNext;
      next?.();
    }
    if (this.#waiting.length > 0) setImmediate(this.#release);
  };
}
