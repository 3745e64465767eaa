/** Limits the time of a call, and of each of its attempts. */
import type { Clock } from '../../base/clock.ts';
import { deadlineAfter, following } from '../../base/deadline.ts';
import type { CallOptions } from './call-options.ts';
import type { CallPurpose } from './observer.ts';

/** For all of one call: its attempts, the waits between them, the reads that settle a write. */
const callTimeoutMs = 8_000;

/** A call in progress, with its deadline. */
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
  readonly effect: 'read' | 'write';
  /** For one request, from the credentials to the last byte of the reply. */
  readonly attemptTimeoutMs: number;
}

/** The signals that end an attempt. */
export interface AttemptTime {
  readonly caller: AbortSignal;
  /** Fires when the caller leaves or the time of the attempt is up. */
  readonly early: AbortSignal;
  /**
   * Ends the wait for the answer to a sent request. For a write it fires only when the time is up: the outcome is
   * needed even if the caller has gone.
   */
  readonly afterSending: AbortSignal;
}

/** Runs `attempt` within its own timeout, or within the rest of the call's time if that is shorter. */
export async function withAttemptTime<T>(
  call: CallTime,
  { clock, effect, attemptTimeoutMs }: AttemptLimits,
  attempt: (time: AttemptTime) => Promise<T>,
): Promise<T> {
  const ms = Math.max(0, Math.min(attemptTimeoutMs, call.endsAt - clock.monotonicMs()));
  const { time, release } = effect === 'read' ? readTime(ms, call, clock) : writeTime(ms, call, clock);
  try {
    return await attempt(time);
  } finally {
    release();
  }
}

interface RunningTime {
  readonly time: AttemptTime;
  release(): void;
}

/** A read ends with the caller and with the time alike, so one signal is enough. */
function readTime(ms: number, { signal: caller }: CallTime, clock: Clock): RunningTime {
  const { signal: early, release } = deadlineAfter(ms, caller, clock);
  return { time: { caller, early, afterSending: early }, release };
}

function writeTime(ms: number, { signal: caller }: CallTime, clock: Clock): RunningTime {
  const deadline = deadlineAfter(ms, neverAborted, clock);
  const early = following(caller, deadline.signal);
  const release = (): void => {
    deadline.release();
    early.release();
  };
  return { time: { caller, early: early.signal, afterSending: deadline.signal }, release };
}

const neverAborted = new AbortController().signal;
