/** What one request tells of the health of its backend. */
import { BackendError, type UpstreamErrorCode } from '../../model/errors.ts';
import { BodyTooLargeError } from './transport.ts';

/**
 * `answered`; `refused` for reasons of the caller's, throttling among them; `failed`, which is 5xx, a timeout, and a connection
 * that was lost or never made; `unheard` where the caller went, had too little time left, or had no key to sign with.
 */
export type Heard = 'answered' | 'failed' | 'refused' | 'unheard';

/** With what was never sent: because the breaker was open, or because too many were waiting. */
export type RequestOutcome = Heard | 'breaker-open' | 'busy';

export interface HasStatus {
  readonly status: number;
}

export type Judged<Reply> =
  | { readonly outcome: Heard; readonly reply: Reply }
  | { readonly outcome: Heard; readonly error: unknown };

export function judgedReply<Reply extends HasStatus>(reply: Reply): Judged<Reply> {
  const { status } = reply;
  if (status >= 500) return { outcome: 'failed', reply };
  if (status >= 300) return { outcome: 'refused', reply };
  return { outcome: 'answered', reply };
}

interface Circumstances {
  /** Whether there was time for a whole attempt. */
  readonly hadTime: boolean;
  readonly hasCallerGone: boolean;
  readonly effect: 'read' | 'write';
}

/** `error` is why no reply was read to its end. One that is too long to be read is an answer all the same. */
export function judgedFailure(error: unknown, { hadTime, hasCallerGone, effect }: Circumstances): Judged<never> {
  if (error instanceof BackendError && error.cause instanceof BodyTooLargeError) return { outcome: 'answered', error };
  if (!(error instanceof BackendError) || !codesOfFailure.has(error.code)) return { outcome: 'unheard', error };
  // A write that was sent and may have taken effect is seen to its end, whether or not the caller is still there.
  const isSeenToItsEnd = effect === 'write' && error.isOutcomeUnclear;
  if (hasCallerGone && !isSeenToItsEnd) return { outcome: 'unheard', error };
  const isTooSoon = !hadTime && error.code !== 'UPSTREAM_UNAVAILABLE';
  return { outcome: isTooSoon ? 'unheard' : 'failed', error };
}

/** As an attempt ends with them: a lost create has an unknown outcome, and what breaks off cannot be read. */
const codesOfFailure: ReadonlySet<string> = new Set<UpstreamErrorCode>([
  'OUTCOME_UNKNOWN',
  'UPSTREAM_BAD_RESPONSE',
  'UPSTREAM_TIMEOUT',
  'UPSTREAM_UNAVAILABLE',
]);
