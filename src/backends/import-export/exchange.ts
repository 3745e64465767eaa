/** One call, sent once: credentials, signature, connection and body within one deadline. */
import type { Clock } from '../../base/clock.ts';
import { orAborted } from '../../base/deadline.ts';
import type { BackendError } from '../../model/errors.ts';
import type { CallTime } from '../calls/attempt.ts';
import type { CredentialsSource } from '../calls/credentials.ts';
import type { Guard } from '../calls/guard.ts';
import type { Amendment } from '../calls/second-signature.ts';
import {
  BodyTooLargeError,
  isConnectFailure,
  readBody,
  type Transport,
  type TransportResponse,
} from '../calls/transport.ts';
import { signingKey } from './credentials.ts';
import { failure } from './errors.ts';
import { type Effect, unclearFailure } from './outcome.ts';
import { type Members, type Operation, queryParameters } from './query.ts';
import type { Reply } from './reply.ts';
import type { SignedForm, Signer, SigningContext, SigningKey } from './signature.ts';

/** Far above the longest reply: 1,000 listed jobs take about 200 kB. */
const maxReplyBytes = 1_048_576;

export interface ExchangeOptions {
  readonly clock: Clock;
  readonly guard: Guard;
  readonly endpoint: URL;
  readonly transport: Transport;
  readonly credentials: CredentialsSource;
  readonly sign: Signer;
}

export interface Call {
  readonly operation: Operation;
  readonly members: Members;
  readonly effect: Effect;
  /** Throws if the call must not be made with this key. */
  readonly checkKey?: (key: SigningKey) => void;
}

interface Attempt extends ExchangeOptions {
  readonly effect: Effect;
  readonly context: SigningContext;
  /** Undefined for a call that is seen to its end once it is sent. */
  readonly caller: AbortSignal | undefined;
  readonly deadline: AbortSignal;
  /** Fires with the first of both. */
  readonly signal: AbortSignal;
}

/**
 * Sends `call` and gives the reply, whatever it says. Throws `BackendError` if none came in time, or the reason of the
 * caller's signal if that fired first; a call that changes something heeds it only until it is sent.
 */
export function exchange(call: Call, time: CallTime, options: ExchangeOptions, amendment: Amendment): Promise<Reply> {
  const isAbortable = call.effect === 'nothing';
  const request = { operation: call.operation, effect: isAbortable ? 'read' : 'write' } as const;
  return options.guard.attempt(request, time, async (attemptTime) => {
    const { caller, deadline, early } = attemptTime;
    const key = await signingKey(options.credentials, amendment, attemptTime);
    call.checkKey?.(key);
    const signedAt = amendment.signedAt ?? new Date(options.clock.now());
    const context = { endpoint: options.endpoint, key, signedAt };
    const form = await options.sign(queryParameters(call.operation, call.members), context);
    caller.throwIfAborted();

    const ending = isAbortable ? { caller, signal: early } : { caller: undefined, signal: deadline };
    return answered(form, { ...options, ...ending, context, effect: call.effect, deadline });
  });
}

async function answered(form: SignedForm, attempt: Attempt): Promise<Reply> {
  const response = await sent(form, attempt);
  const body = await bodyOf(response, attempt);
  const { key, signedAt } = attempt.context;
  return {
    status: response.status,
    retryAfter: response.headers.get('retry-after'),
    date: response.headers.get('date'),
    body,
    receivedAt: attempt.clock.now(),
    key,
    signedAt,
  };
}

async function sent(form: SignedForm, attempt: Attempt): Promise<TransportResponse> {
  const { caller, signal } = attempt;
  try {
    const request = {
      method: 'POST',
      headers: { ...form.headers, 'user-agent': 'waybill' },
      body: form.body,
      signal,
      isAlone: attempt.effect !== 'nothing',
    };
    // Ends with the signal, even where the transport ignores it.
    return await orAborted(attempt.transport(attempt.endpoint.href, request), signal);
  } catch (cause) {
    caller?.throwIfAborted();
    throw deliveryFailure(cause, attempt);
  }
}

/** Null for a body that broke off, nothing of one that is too long: what that means depends on the status. */
async function bodyOf(response: TransportResponse, attempt: Attempt): Promise<Uint8Array | null> {
  try {
    return await orAborted(readBody(response, maxReplyBytes), attempt.signal);
  } catch (cause) {
    attempt.caller?.throwIfAborted();
    if (attempt.deadline.aborted) throw deliveryFailure(cause, attempt);
    return cause instanceof BodyTooLargeError ? new Uint8Array() : null;
  }
}

function deliveryFailure(cause: unknown, { effect, deadline }: Attempt): BackendError {
  if (isConnectFailure(cause)) {
    const message = 'AWS Import/Export cannot be reached; nothing was sent.';
    return failure({ code: 'UPSTREAM_UNAVAILABLE', message, cause });
  }
  if (deadline.aborted) {
    const message = 'AWS Import/Export did not answer in time.';
    return unclearFailure(effect, { code: 'UPSTREAM_TIMEOUT', message, cause });
  }
  const message = 'The connection to AWS Import/Export broke before it answered.';
  return unclearFailure(effect, { code: 'UPSTREAM_UNAVAILABLE', message, cause });
}
