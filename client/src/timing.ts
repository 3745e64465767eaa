/** When to try again. */

/** The longest wait between two attempts to connect. */
const maxDelayMs = 30_000;

/**
 * A wait with full jitter: any time up to one second without a failure so far, and up to twice as long after each one,
 * 30 s at most. So the clients of a gateway that has restarted do not come back all at once.
 */
export function backoffMs(failures: number): number {
  return Math.random() * Math.min(maxDelayMs, 1_000 * 2 ** failures);
}

/** A timer that can be set again and cleared, and that keeps no process alive by a forgotten handle. */
export class Timer {
  #handle: ReturnType<typeof setTimeout> | undefined;

  get isSet(): boolean {
    return this.#handle !== undefined;
  }

  set(callback: () => void, delayMs: number): void {
    clearTimeout(this.#handle);
    this.#handle = setTimeout(() => {
      this.#handle = undefined;
      callback();
    }, delayMs);
  }

  clear(): void {
    clearTimeout(this.#handle);
    this.#handle = undefined;
  }
}
