/**
 * Computes when a job is read next: soon after a change, later the longer nothing changes, later still while reads
 * fail.
 */
import { maxRetryAfterMs } from '../base/retry-after.ts';

export interface Cadence {
  readonly minMs: number;
  readonly maxMs: number;
}

/**
 * Growth of the interval per millisecond without a change. Intervals in proportion to the state's age grow
 * exponentially: from 2 s to 30 s in about a minute and a half, even if other reads of the job come between.
 */
const growth = 0.3;

/**
 * Spreads readings by up to 3 % either way: gateways that were started together drift apart within a few readings, and
 * no reader waits noticeably longer than an interval. With 20 % one change in twenty would take longer.
 */
const jitter = 0.03;

export interface History {
  /** Milliseconds since the state last changed, or since the job was first watched. */
  readonly ageMs: number;
  /** Number of failed readings in a row. */
  readonly failures: number;
  /** The service's `Retry-After`, observed even beyond the longest interval, for five minutes at most. */
  readonly retryAfterMs?: number | undefined;
}

/** The accepted part of a `Retry-After`; 0 for undefined. */
export function effectiveRetryAfterMs(retryAfterMs: number | undefined): number {
  // NaN compares false.
  return retryAfterMs !== undefined && retryAfterMs > 0 ? Math.min(retryAfterMs, maxRetryAfterMs) : 0;
}

/** A job that is not read for longer than this is stale. */
export function staleAfterMs({ maxMs }: Cadence): number {
  return Math.max(3 * maxMs, 60_000);
}

/** Longer than a read takes: up to three requests of a call, within 8 s, and their wait in a queue. */
const callMs = 15_000;

/** How long to wait for another gateway's notice if it reads again in `nextInMs`. */
export function peerTimeoutMs({ maxMs }: Cadence, nextInMs: number): number {
  return nextInMs + callMs + maxMs;
}

/** Milliseconds until the next reading. `random` is from 0 to 1; jobs with the same value stay together. */
export function intervalMs(cadence: Cadence, { ageMs, failures, retryAfterMs }: History, random: number): number {
  const quiet = (cadence.minMs + growth * ageMs) * 2 ** failures;
  const spread = 1 + jitter * (2 * random - 1);
  return Math.max(Math.min(cadence.maxMs, quiet) * spread, effectiveRetryAfterMs(retryAfterMs));
}
