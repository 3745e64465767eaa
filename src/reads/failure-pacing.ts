/**
 * The failures of a service are given out one in each turn of the event loop.
 *
 * They come in crowds: those that were begun together run out of time together, and when a breaker opens, all who wait behind it
 * are refused in that moment. Each becomes a whole answer to somebody, which is a millisecond of work, and a hundred of them on
 * end would keep the callers of the other, healthy service waiting for nothing.
 */

/** Of more than this several go in one turn: they may be coming faster than turns do, and must not pile up. */
const perTurn = 64;

export class FailurePacing {
  /** In the order in which they came. */
  readonly #waiting: (() => void)[] = [];
  /**
   * The newest and the oldest in turn: whoever is refused at once does not wait for a crowd that has waited for seconds, and that
   * does not wait for ever.
   */
  #isNewestNext = true;

  /** Resolves in a turn of the caller's own, in which to fail. */
  turn(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      if (this.#waiting.length === 1) setImmediate(this.#release);
    });
  }

  readonly #release = (): void => {
    for (let left = Math.ceil(this.#waiting.length / perTurn); left > 0; left -= 1) {
      const next = this.#isNewestNext ? this.#waiting.pop() : this.#waiting.shift();
      this.#isNewestNext = !this.#isNewestNext;
      next?.();
    }
    if (this.#waiting.length > 0) setImmediate(this.#release);
  };
}
