/** The options of the calls to a service. */
import type { CallPurpose } from './observer.ts';

/** The options of every call. */
export interface CallOptions {
  /** Ends the call early, when the caller leaves or runs out of time. A write that was sent ignores it. */
  readonly signal: AbortSignal;
  /**
   * `request` where absent. A `poll` comes from the watcher, which repeats it, so the client does not retry it. Polls
   * have limits of their own, so that polls and requests do not delay each other.
   */
  readonly purpose?: CallPurpose;
}
