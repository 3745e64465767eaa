/** Bounds how long a call may take upstream, and each of its attempts. */
import type { Clock } from '../../base/clock.ts';
import { following } from '../../base/deadline.ts';
import type { CallOptions } from '../backend.ts';
import type { CallPurpose } from './observer.ts';

/** For everything that one call does upstream: its attempts, the waits between them, the reads that settle a write. */
const callTimeoutMs = 8_000;

/** A call that has begun, and how long it has. */
export interface CallTime {
  readonly signal: AbortSignal;
  readonly purpose: CallPurpose;
  /** By `Clock.monotonicMs`. */
  readonly endsAt: number;
}

export function callTime({ signal, purpose = 'request' }: CallOptions, clock: Clock): CallTime {
  return { signal, purpose, endsAt: clock.monotonicMs() + callTimeoutMs };
}

export interface AttemptLimits {
  readonly clock: Clock;
  /** For one request, from the credentials to the last byte of the reply. */
  readonly attemptTimeoutMs: number;
}

/** The signals that end an attempt. */
export interface AttemptTime {
  readonly caller: AbortSignal;
  /** Fires when the time of the attempt is up. */
  readonly deadline: AbortSignal;
  /** Fires with the first of both. */
  readonly early: AbortSignal;
}

/** Runs `attempt` within its own timeout, or within what is left of the call's time if that is less. */
export async function withAttemptTime<T>(
  call: CallTime,
  { clock, attemptTimeoutMs }: AttemptLimits,
  attempt: (time: AttemptTime) => Promise<T>,
): Promise<T> {
  const deadline = new AbortController();
  const ms = Math.max(0, Math.min(attemptTimeoutMs, call.endsAt - clock.monotonicMs()));
  const cancel = clock.schedule(() => deadline.abort(new DOMException(`${ms} ms have passed`, 'TimeoutError')), ms);
  const early = following(call.signal, deadline.signal);
  try {
    return await attempt({ caller: call.signal, deadline: deadline.signal, early: early.signal });
  } finally {
    cancel();
    early.release();
  }
}
