/** How long a batch waits for more of what is asked in the same moment. */
import type { Clock } from '../base/clock.ts';

/** It ends this long after it opened, however many still come. */
const openMs = 10;

export class GatheringWindow {
  readonly closed: Promise<void>;
  readonly close: () => void;
  readonly #clock: Clock;
  readonly #quietMs: number;
  readonly #closesBy: number;
  #isClosed = false;
  #cancel = (): void => {};

  /** It ends `quietMs` after the newest arrival. */
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

  /** Somebody else has asked. */
  extend(): void {
    if (this.#isClosed) return;
    this.#cancel();
    const leftMs = Math.max(0, this.#closesBy - this.#clock.monotonicMs());
    this.#cancel = this.#clock.schedule(this.close, Math.min(this.#quietMs, leftMs));
  }
}

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((given) => {
    resolve = given;
  });
  return { promise, resolve };
}
