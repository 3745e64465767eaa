/** What the outcome of one request says about the health of its backend. */
import { BackendError, type UpstreamErrorCode } from '../../model/errors.ts';
import { BodyTooLargeError } from './transport.ts';

/**
 * `answered`; `refused`: a fault of the caller, or throttling; `failed`: 5xx, a timeout, or a connection that was lost
 * or never made; `unheard`: the caller left, or the request had too little time or no key to sign with.
 */
export type AttemptOutcome = 'answered' | 'failed' | 'refused' | 'unheard';

/** Requests that were not sent are `breaker-open`, or `busy`: the queue was full or the wait too long. */
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

/** `error` is why no whole reply was read. A reply that is too long still counts as an answer. */
export function judgedFailure(error: unknown, { hadTime, hasCallerGone, effect }: AttemptFacts): Judged<never> {
  if (error instanceof BackendError && error.cause instanceof BodyTooLargeError) return { outcome: 'answered', error };
  if (!(error instanceof BackendError) || !codesOfFailure.has(error.code)) return { outcome: 'unheard', error };
  // The client waits for the outcome of a write that may have taken effect, even if the caller has gone.
  const isAwaited = effect === 'write' && error.isOutcomeUnclear;
  if (hasCallerGone && !isAwaited) return { outcome: 'unheard', error };
  const isTooSoon = !hadTime && error.code !== 'UPSTREAM_UNAVAILABLE';
  return { outcome: isTooSoon ? 'unheard' : 'failed', error };
}

/** OUTCOME_UNKNOWN means a create whose reply was lost, UPSTREAM_BAD_RESPONSE a body that broke off. */
const codesOfFailure: ReadonlySet<string> = new Set<UpstreamErrorCode>([
  'OUTCOME_UNKNOWN',
  'UPSTREAM_BAD_RESPONSE',
  'UPSTREAM_TIMEOUT',
  'UPSTREAM_UNAVAILABLE',
]);
