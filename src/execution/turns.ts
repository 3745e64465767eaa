/** Hands an event out to its readers in slices of time, so that other work of the process need not wait for the last. */

/** How long readers are served before the event loop continues: short beside the 500 ms of a poll, long beside one reader. */
const sliceMs = 10;

/** The number of readers that continue between two looks at the clock. */
const readersPerBatch = 20;

export class Turns {
  readonly #monotonicMs: () => number;
  #endsAt: number | undefined;
  #waiting: (() => void)[] = [];

  constructor(monotonicMs: () => number) {
    this.#monotonicMs = monotonicMs;
  }

  /** Resolves in the order of the calls; undefined if the slice has time left. */
  next(): Promise<void> | undefined {
    if (this.#endsAt === undefined) this.#begin();
    if (this.#waiting.length === 0 && this.#hasTime()) return undefined;
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #hasTime(): boolean {
    return this.#endsAt !== undefined && this.#monotonicMs() < this.#endsAt;
  }

  #begin(): void {
    this.#endsAt = this.#monotonicMs() + sliceMs;
    setImmediate(() => {
      this.#endsAt = undefined;
      if (this.#waiting.length === 0) return;
      this.#begin();
      this.#continue();
    });
  }

  /** What the readers do runs as microtasks. A tick begins once all of those are done, if it is asked for among them. */
  #continue(): void {
    for (const resolve of this.#waiting.splice(0, readersPerBatch)) resolve();
    if (this.#waiting.length === 0) return;
    queueMicrotask(() =>
      process.nextTick(() => {
        if (this.#hasTime()) this.#continue();
      }),
    );
  }
}
