/** Bounds the number of rate-limit keys kept in memory. */

export interface BoundedKeysOptions {
  readonly maxKeys: number;
  /** A key that is not used for two windows is forgotten. */
  readonly windowMs: number;
  /** Monotonic milliseconds. */
  readonly now: () => number;
}

/** The key for all callers beyond `maxKeys`. */
export const sharedKey = '*';

/**
 * Callers known before a flood of new keys keep their own key. Two sets of at most `maxKeys` rotate with the windows; a
 * rate limiter that uses the keys of `keyFor` holds no more than both.
 */
export class BoundedKeys {
  readonly #options: BoundedKeysOptions;
  #recent = new Set<string>();
  #earlier = new Set<string>();
  #windowStart: number;

  constructor(options: BoundedKeysOptions) {
    this.#options = options;
    this.#windowStart = options.now();
  }

  get size(): number {
    return this.#recent.size + this.#earlier.size;
  }

  /** `key` with a prefix that separates it from the shared key. */
  keyFor(key: string): string {
    this.#rotate();
    if (!this.#recent.has(key)) {
      if (this.#recent.size >= this.#options.maxKeys) return this.#earlier.has(key) ? `=${key}` : sharedKey;
      this.#recent.add(key);
    }
    return `=${key}`;
  }

  #rotate(): void {
    const { now, windowMs } = this.#options;
    const windows = Math.floor((now() - this.#windowStart) / windowMs);
    if (windows < 1) return;
    this.#earlier = windows === 1 ? this.#recent : new Set();
    this.#recent = new Set();
    this.#windowStart += windows * windowMs;
  }
}
