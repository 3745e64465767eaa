/** The passing of time, handed to whatever depends on it, so that a test can hold it in its hands. */
export interface Clock {
  /** Milliseconds since the epoch, for dates. It leaps, ahead or back, when the machine's clock is set. */
  now(): number;
  /** Milliseconds since some moment, for how long something takes: however the machine's clock is set, these go on evenly. */
  monotonicMs(): number;
  /** Calls `callback` once after `delayMs`; the function it returns cancels that. */
  schedule(callback: () => void, delayMs: number): () => void;
  /** A number from 0 up to, not including, 1. */
  random(): number;
}
