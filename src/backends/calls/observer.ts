/** What a backend's clients tell of their requests while they make them, for whoever counts. */
import type { JobService } from '../../model/job-state.ts';
import type { RequestOutcome } from './request-outcome.ts';

/** Whom a call is made for: somebody who waits for its answer, or the watcher. */
export type CallPurpose = 'poll' | 'request';

/** Calls that fail together: each kind has a breaker of its own at each backend. */
export type CallKind = 'poll' | 'read' | 'write';

export type BreakerState = 'closed' | 'half-open' | 'open';

export interface ObservedRequest {
  readonly service: JobService;
  /** The service's name for it, such as `GetJob`. */
  readonly operation: string;
  readonly kind: CallKind;
  readonly outcome: RequestOutcome;
  /** How long it waited for its turn. */
  readonly queuedMs: number;
  /** How long it took after that. */
  readonly durationMs: number;
}

/** A member of an answer, a `detail` that may be left out, or a whole entry of a list, whose value the service did not have when its documents were read. */
export interface UnknownValue {
  readonly service: JobService;
  readonly member: 'detail' | 'entry' | 'location' | 'state' | 'type';
}

/** Every method is optional, is called at once, and must not throw. A call that is retried is several requests. */
export interface CallObserver {
  onRequest?(request: ObservedRequest): void;
  /** A read is about to be made again. */
  onRetry?(retry: { readonly service: JobService }): void;
  /** An answer was taken with a value in it that stands for nothing here. */
  onUnknownValue?(value: UnknownValue): void;
  onBreaker?(change: { readonly service: JobService; readonly kind: CallKind; readonly state: BreakerState }): void;
  /** Somebody came, got their turn or left. */
  onBulkhead?(load: {
    readonly service: JobService;
    readonly purpose: CallPurpose;
    readonly inFlight: number;
    readonly queued: number;
  }): void;
}
