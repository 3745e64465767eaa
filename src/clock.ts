/** The passing of time, handed to whatever depends on it, so that a test can hold it in its hands. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls `callback` once after `delayMs`; the function it returns cancels that. */
  schedule(callback: () => void, delayMs: number): () => void;
  /** A number from 0 up to, not including, 1. */
  random(): number;
}
