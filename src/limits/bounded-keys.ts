/** How many keys are told apart, however many come? */

export interface BoundedKeysOptions {
  readonly maxKeys: number;
  /** A key that is not used for two windows is forgotten. */
  readonly windowMs: number;
  /** Milliseconds since some moment. */
  readonly now: () => number;
}

/** What the keys share that come when no more can be told apart. */
export const sharedKey = '*';

/**
 * Whoever was there before a flood of new keys keeps a key of his own. Two sets that take turns, at most `maxKeys` in each;
 * a rate limiter that is asked by what `keyFor` gives holds no more than both.
 */
export class BoundedKeys {
  readonly #options: BoundedKeysOptions;
  #recent = new Set<string>();
  #earlier = new Set<string>();
  #since: number;

  constructor(options: BoundedKeysOptions) {
    this.#options = options;
    this.#since = options.now();
  }

  get size(): number {
    return this.#recent.size + this.#earlier.size;
  }

  /** `key` itself, by a prefix told from the shared one. */
  keyFor(key: string): string {
    this.#takeTurns();
    if (!this.#recent.has(key)) {
      if (this.#recent.size >= this.#options.maxKeys) return this.#earlier.has(key) ? `=${key}` : sharedKey;
      this.#recent.add(key);
    }
    return `=${key}`;
  }

  #takeTurns(): void {
    const { now, windowMs } = this.#options;
    const windows = Math.floor((now() - this.#since) / windowMs);
    if (windows < 1) return;
    this.#earlier = windows === 1 ? this.#recent : new Set();
    this.#recent = new Set();
    this.#since += windows * windowMs;
  }
}
