/**
 * The failures of a service are given out one in each turn of the event loop.
 *
 * They come in crowds: those that were begun together run out of time together, and when a breaker opens, all who wait behind it
 * are refused in that moment. Each becomes a whole answer to somebody, which is a millisecond of work, and a hundred of them on
 * end would keep the callers of the other, healthy service waiting for nothing.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';

export class FailurePacing {
  #last: Promise<unknown> = Promise.resolve();

  /** Resolves in a turn of its own, in the order in which it is called. */
  turn(): Promise<unknown> {
    this.#last = this.#last.then(() => nextTurn());
    return this.#last;
  }
}
