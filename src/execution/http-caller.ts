/** Authenticates the caller of a request over HTTP. */
import type { IncomingMessage } from 'node:http';
import { type Authenticator, type UnauthenticatedReason, unauthenticatedReason } from '../identity/authenticator.ts';
import { authorizationFromRequest } from '../identity/authorization.ts';
import type { Caller } from '../identity/caller.ts';
import type { AddressOf } from '../identity/client-address.ts';
import {
  type ConnectionThrottle,
  failedTooOften,
  type RateLimit,
  rateLimited,
  type Verdict,
} from '../limits/rate-limit.ts';
import type { OnRefusal } from '../limits/refusal.ts';
import { errorTypeFor } from './http-answer.ts';

export interface HttpCallerOptions {
  readonly authenticator: Authenticator;
  readonly throttle: ConnectionThrottle;
  /** The address that failed authentications are counted for. */
  readonly addressOf: AddressOf;
  /** The points that callers may spend; absent without a limit. */
  readonly budget: Pick<RateLimit, 'refusal'> | undefined;
  /** Called for each caller who is refused because their points are spent. */
  readonly onRateLimited: (caller: Caller) => void;
  /** Called for each other refusal; absent if they are not counted. */
  readonly onRefusal: OnRefusal | undefined;
}

/** A request that is answered before its body is read. */
export interface HttpRefusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type IdentifyCaller = (request: IncomingMessage) => Promise<{ readonly caller: Caller } | HttpRefusal>;

/**
 * Refuses a caller without a valid token with 401, and one who has spent their points with 429. It does so before the
 * body is read, so that callers who send far too much take no parsing time from others.
 */
export function identifyBy({
  authenticator,
  throttle,
  addressOf,
  budget,
  onRateLimited,
  onRefusal,
}: HttpCallerOptions): IdentifyCaller {
  return async (request) => {
    const address = addressOf(request);
    const verdict = await throttle.verdictFor(address);
    if (verdict !== undefined) {
      onRefusal?.('http', 'failed-too-often');
      return tooMuch(request, verdict, failedTooOften);
    }
    let caller: Caller;
    try {
      caller = await authenticator.authenticate(authorizationFromRequest(request));
    } catch (error) {
      await throttle.failed(address);
      const reason = unauthenticatedReason(error);
      onRefusal?.('http', reason);
      return unauthenticated(request, reason);
    }
    const spent = isForStream(request) ? undefined : budget?.refusal(caller.id);
    if (spent === undefined) return { caller };
    onRateLimited(caller);
    return tooMuch(request, spent);
  };
}

/** Readers of server-sent events receive errors in their stream. */
function isForStream({ headers }: IncomingMessage): boolean {
  return headers.accept?.includes('text/event-stream') ?? false;
}

function tooMuch(request: IncomingMessage, verdict: NonNullable<Verdict>, reason?: string): HttpRefusal {
  const { message, extensions } = rateLimited(verdict, reason);
  return refusal(
    request,
    429,
    { message, extensions },
    { 'retry-after': String(Math.ceil(verdict.retryAfterMs / 1_000)) },
  );
}

/** Retryable if the token cannot be checked at the moment, as it may be valid. */
function unauthenticated(request: IncomingMessage, reason: UnauthenticatedReason): HttpRefusal {
  const extensions = { code: 'UNAUTHENTICATED', retryable: reason === 'unavailable' };
  const message = 'Expected a valid bearer token in the header Authorization.';
  return refusal(request, 401, { message, extensions }, { 'www-authenticate': 'Bearer' });
}

function refusal(
  { headers: { accept } }: IncomingMessage,
  status: number,
  error: { readonly message: string; readonly extensions: object },
  headers: Readonly<Record<string, string>>,
): HttpRefusal {
  const type = { 'content-type': errorTypeFor(accept), 'cache-control': 'no-store' };
  return { status, headers: { ...type, ...headers }, body: JSON.stringify({ errors: [error] }) };
}
