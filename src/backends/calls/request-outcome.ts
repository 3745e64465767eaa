/** What the outcome of one request says about the health of its backend. */
import { BackendError, type UpstreamErrorCode } from '../../model/errors.ts';
import { BodyTooLargeError } from './transport.ts';

/**
 * `answered`; `refused`, through a fault of the caller or throttling; `failed`, which is 5xx, a timeout, and a connection that was lost
 * or never made; `unheard` where the caller left, had too little time, or had no key to sign with.
 */
export type AttemptOutcome = 'answered' | 'failed' | 'refused' | 'unheard';

/** Also `breaker-open` and `busy` (too many were waiting) for requests that were not sent. */
export type RequestOutcome = AttemptOutcome | 'breaker-open' | 'busy';

export interface HasStatus {
  readonly status: number;
}

export type Judged<Reply> =
  | { readonly outcome: AttemptOutcome; readonly reply: Reply }
  | { readonly outcome: AttemptOutcome; readonly error: unknown };

export function judgedReply<Reply extends HasStatus>(reply: Reply): Judged<Reply> {
  const { status } = reply;
  if (status >= 500) return { outcome: 'failed', reply };
  if (status >= 300) return { outcome: 'refused', reply };
  return { outcome: 'answered', reply };
}

interface AttemptFacts {
  /** Whether there was time for a whole attempt. */
  readonly hadTime: boolean;
  readonly hasCallerGone: boolean;
  readonly effect: 'read' | 'write';
}

/** `error` is why no reply was read to its end. A reply that is too long is an answer all the same. */
export function judgedFailure(error: unknown, { hadTime, hasCallerGone, effect }: AttemptFacts): Judged<never> {
  if (error instanceof BackendError && error.cause instanceof BodyTooLargeError) return { outcome: 'answered', error };
  if (!(error instanceof BackendError) || !codesOfFailure.has(error.code)) return { outcome: 'unheard', error };
  // A write that may have taken effect waits for its outcome even if the caller has gone.
  const isAwaited = effect === 'write' && error.isOutcomeUnclear;
  if (hasCallerGone && !isAwaited) return { outcome: 'unheard', error };
  const isTooSoon = !hadTime && error.code !== 'UPSTREAM_UNAVAILABLE';
  return { outcome: isTooSoon ? 'unheard' : 'failed', error };
}

/** A create whose reply was lost ends with OUTCOME_UNKNOWN; a body that broke off with UPSTREAM_BAD_RESPONSE. */
const codesOfFailure: ReadonlySet<string> = new Set<UpstreamErrorCode>([
  'OUTCOME_UNKNOWN',
  'UPSTREAM_BAD_RESPONSE',
  'UPSTREAM_TIMEOUT',
  'UPSTREAM_UNAVAILABLE',
]);
