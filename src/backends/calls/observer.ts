/** The events that a backend's client emits, for metrics and traces. */
import type { JobService } from '../../model/job-state.ts';
import type { RequestOutcome } from './request-outcome.ts';

/** `poll` is for the watcher, `request` for a caller who waits. */
export type CallPurpose = 'poll' | 'request';

/** Calls of one kind share a breaker: each backend has one for each kind. */
export type CallKind = 'poll' | 'read' | 'write';

export type BreakerState = 'closed' | 'half-open' | 'open';

export interface ObservedRequest {
  readonly service: JobService;
  /** The service's name for it, such as `GetJob`. */
  readonly operation: string;
  readonly kind: CallKind;
  readonly outcome: RequestOutcome;
  /** In the queue. */
  readonly queuedMs: number;
  /** After the queue. */
  readonly durationMs: number;
}

/**
 * Where an answer has a value that the service does not document: in `state`, `type` or `location`, in an optional
 * `detail`, or in a whole `entry` of a list.
 */
export interface UnknownValue {
  readonly service: JobService;
  readonly member: 'detail' | 'entry' | 'location' | 'state' | 'type';
}

/** Every method is optional, is called synchronously, and must not throw. A call with retries is several requests. */
export interface CallObserver {
  onRequest?(request: ObservedRequest): void;
  /** A read is about to be retried. */
  onRetry?(retry: { readonly service: JobService }): void;
  /** An answer was accepted with an unknown value in it. */
  onUnknownValue?(value: UnknownValue): void;
  onBreaker?(change: { readonly service: JobService; readonly kind: CallKind; readonly state: BreakerState }): void;
  /** A request arrived, was let in or left. */
  onBulkhead?(load: {
    readonly service: JobService;
    readonly purpose: CallPurpose;
    readonly inFlight: number;
    readonly queued: number;
  }): void;
}
