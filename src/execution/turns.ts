/** Delivers an event to its readers in slices of time, so that other work need not wait for the last reader. */

/**
 * The duration of a slice, after which the event loop continues: short compared with the 500 ms of a poll, long
 * compared with the work for one reader.
 */
const sliceMs = 10;

/** The number of readers that continue between two reads of the clock. */
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

  /**
   * Readers do their work in microtasks. A callback of `nextTick` that a microtask schedules runs once all microtasks
   * are done.
   */
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
