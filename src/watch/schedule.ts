/** When a job is read next: soon after a change, ever later while nothing happens, later still while reads fail. */

export interface Cadence {
  readonly minMs: number;
  readonly maxMs: number;
}

/** Each reading without a change stretches the interval by this. Ten of them lead from 2 s to 30 s in about two minutes. */
const stretch = 1.3;

/** Spreads intervals by up to a fifth either way, so that jobs watched together do not stay in step. */
const jitter = 0.2;

/**
 * Milliseconds until the next reading of a job whose last `unchanged` readings showed no change and whose last `failures`
 * readings failed.
 *
 * `random` is a number from 0 to 1. A service's own `retryAfterMs` is obeyed even beyond the longest interval.
 */
export function intervalMs(
  cadence: Cadence,
  history: { readonly unchanged: number; readonly failures: number; readonly retryAfterMs?: number | undefined },
  random: number,
): number {
  const growth = stretch ** history.unchanged * 2 ** history.failures;
  const spread = 1 + jitter * (2 * random - 1);
  const interval = Math.min(cadence.maxMs, cadence.minMs * growth) * spread;
  return Math.max(interval, history.retryAfterMs ?? 0);
}
