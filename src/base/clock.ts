/** The time and randomness that parts depend on, so that tests can control both. */
export interface Clock {
  /** Milliseconds since the epoch, for dates. It jumps when the machine's clock is set. */
  now(): number;
  /** Monotonic milliseconds, for durations; unaffected by changes of the machine's clock. */
  monotonicMs(): number;
  /** Calls `callback` once after `delayMs`; the returned function cancels the call. */
  schedule(callback: () => void, delayMs: number): () => void;
  /** A number from 0 up to, not including, 1. */
  random(): number;
}
