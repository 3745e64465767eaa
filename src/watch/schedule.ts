/** When a job is read next: soon after a change, ever later while nothing happens, later still while reads fail. */

export interface Cadence {
  readonly minMs: number;
  readonly maxMs: number;
}

/**
 * What each millisecond without a change adds to the interval. Intervals in proportion to the age grow exponentially: 2 s
 * become 30 s in about a minute and a half, however often someone else had the job read meanwhile.
 */
const growth = 0.3;

/**
 * Spreads readings by up to 3 % either way: gateways that were started together are out of step within a few readings, and
 * nobody waits noticeably longer than an interval. With a fifth one change in twenty would.
 */
const jitter = 0.03;

export interface History {
  /** Milliseconds since the state last changed, or since the job was first watched. */
  readonly ageMs: number;
  /** How many readings in a row failed. */
  readonly failures: number;
  /** What the service asked for, obeyed even beyond the longest interval, for five minutes at most. */
  readonly retryAfterMs?: number | undefined;
}

/** The longest wait that a service is granted: whatever it asks for, it is looked at again after that. */
const maxRetryAfterMs = 5 * 60_000;

/** What a service asked for, as it is obeyed. `undefined` is nothing. */
export function grantedMs(retryAfterMs: number | undefined): number {
  // What is no number compares with nothing.
  return retryAfterMs !== undefined && retryAfterMs > 0 ? Math.min(retryAfterMs, maxRetryAfterMs) : 0;
}

/** Whoever is not to look for longer than this does not know any more what there is. */
export function farMs({ maxMs }: Cadence): number {
  return Math.max(3 * maxMs, 60_000);
}

/** A call may take this long. */
const callMs = 15_000;

/** For how long another gateway may be silent that has something to say in `nextInMs`. */
export function silenceMs({ maxMs }: Cadence, nextInMs: number): number {
  return nextInMs + callMs + maxMs;
}

/** Milliseconds until the next reading. `random` is a number from 0 to 1; jobs that share it stay together. */
export function intervalMs(cadence: Cadence, { ageMs, failures, retryAfterMs }: History, random: number): number {
  const quiet = (cadence.minMs + growth * ageMs) * 2 ** failures;
  const spread = 1 + jitter * (2 * random - 1);
  return Math.max(Math.min(cadence.maxMs, quiet) * spread, grantedMs(retryAfterMs));
}
