/** Keeps a batch open for a few milliseconds, so that further reads of the same moment join it. */
import type { Clock } from '../base/clock.ts';

/** A window closes this long after it opened, even if reads still arrive. */
const openMs = 10;

export class BatchWindow {
  readonly closed: Promise<void>;
  readonly close: () => void;
  readonly #clock: Clock;
  readonly #quietMs: number;
  readonly #closesBy: number;
  #isClosed = false;
  #cancel = (): void => {};

  /** Closes `quietMs` after the newest arrival. */
  constructor(clock: Clock, quietMs: number) {
    this.#clock = clock;
    this.#quietMs = quietMs;
    this.#closesBy = clock.monotonicMs() + openMs;
    const { promise, resolve } = deferred();
    this.closed = promise;
    this.close = () => {
      this.#isClosed = true;
      this.#cancel();
      resolve();
    };
  }

  /** Restarts the quiet period. Call it for each read that arrives. */
  extend(): void {
    if (this.#isClosed) return;
    this.#cancel();
    const leftMs = Math.max(0, this.#closesBy - this.#clock.monotonicMs());
    this.#cancel = this.#clock.schedule(this.close, Math.min(this.#quietMs, leftMs));
  }
}

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((resolvePromise) => {
    resolve = resolvePromise;
  });
  return { promise, resolve };
}
