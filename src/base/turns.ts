/** Runs work in slices of time, so that the rest of the event loop need not wait for the last piece. */

export interface TurnsOptions {
  /** The duration of a slice, after which the event loop continues. */
  readonly sliceMs: number;
  /**
   * The shortest slice while the first of the waiting has waited for more than `lateMs`. Such a slice lasts a quarter of what the
   * event loop did since the slice before, so that its iterations stay short if the pieces themselves make the work, and the pieces
   * have their share if something else does.
   */
  readonly lateSliceMs?: number;
  /** The number of pieces that continue between two reads of the clock. */
  readonly perCheck: number;
}

interface Waiting {
  readonly continue: () => void;
  readonly since: number;
}

const lateMs = 100;

export class Turns {
  readonly #monotonicMs: () => number;
  readonly #options: TurnsOptions;
  #endsAt: number | undefined;
  #waiting: Waiting[] = [];
  #waitedMs = 0;
  #endedAt = 0;

  constructor(monotonicMs: () => number, options: TurnsOptions) {
    this.#monotonicMs = monotonicMs;
    this.#options = options;
  }

  /** Resolves in the order of the calls; undefined if the slice has time left. */
  next(): Promise<void> | undefined {
    if (this.#endsAt === undefined) this.#begin();
    if (this.#waiting.length === 0 && this.#hasTime()) return undefined;
    return new Promise((resolve) => this.#waiting.push({ continue: resolve, since: this.#monotonicMs() }));
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /**
   * How long the first of the waiting has waited, as of the latest slice; 0 if that slice left nobody. So it stays 0 however
   * long the loop is blocked once, if a slice after the block is enough for all.
   */
  get waitedMs(): number {
    return this.#waitedMs;
  }

  #hasTime(): boolean {
    return this.#endsAt !== undefined && this.#monotonicMs() < this.#endsAt;
  }

  #begin(): void {
    const now = this.#monotonicMs();
    this.#endsAt = now + this.#lengthOfSlice(now);
    setImmediate(() => {
      this.#endsAt = undefined;
      if (this.#waiting.length === 0) {
        this.#waitedMs = 0;
        return;
      }
      this.#begin();
      this.#continue();
    });
  }

  #lengthOfSlice(now: number): number {
    const { sliceMs, lateSliceMs = sliceMs } = this.#options;
    if (this.#waitedMs <= lateMs) return sliceMs;
    return Math.min(sliceMs, Math.max(lateSliceMs, (now - this.#endedAt) / 4));
  }

  /**
   * Each piece does its work in microtasks. A callback of `nextTick` that a microtask schedules runs once all microtasks
   * are done.
   */
  #continue(): void {
    for (const { continue: resume } of this.#waiting.splice(0, this.#options.perCheck)) resume();
    queueMicrotask(() =>
      process.nextTick(() => {
        if (this.#waiting.length > 0 && this.#hasTime()) this.#continue();
        else this.#endSlice();
      }),
    );
  }

  #endSlice(): void {
    const now = this.#monotonicMs();
    const [first] = this.#waiting;
    this.#endedAt = now;
    this.#waitedMs = first === undefined ? 0 : now - first.since;
  }
}
