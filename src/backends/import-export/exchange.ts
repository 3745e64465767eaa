/** One call, sent once: credentials, signature, connection and body within one deadline. */

import { following } from '../../deadline.ts';
import type { BackendError } from '../../errors.ts';
import { isConnectFailure, readBody, type Transport, type TransportResponse } from '../transport.ts';
import { type CredentialsProvider, signingKey } from './credentials.ts';
import { failure } from './errors.ts';
import { type Effect, unclearFailure } from './outcome.ts';
import { type Members, type Operation, queryParameters } from './query.ts';
import type { Reply } from './reply.ts';
import type { SignedForm, Signer, SigningKey } from './signature.ts';

/** Far above the longest reply: 1,000 listed jobs take about 200 kB. */
const maxReplyBytes = 1_048_576;

export interface ExchangeOptions {
  readonly endpoint: URL;
  readonly transport: Transport;
  readonly credentials: CredentialsProvider;
  readonly sign: Signer;
  readonly now: () => number;
  readonly attemptTimeoutMs: number;
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
  /** Undefined for a call that is seen to its end once it is sent. */
  readonly caller: AbortSignal | undefined;
  readonly deadline: AbortSignal;
  /** Fires with the first of both. */
  readonly signal: AbortSignal;
}

/**
 * Sends `call` and gives the reply, whatever it says. Throws `BackendError` if none came in time, or the reason of `caller`
 * if that fired first; a call that changes something heeds it only until it is sent.
 */
export async function exchange(call: Call, caller: AbortSignal, options: ExchangeOptions): Promise<Reply> {
  const deadline = AbortSignal.timeout(options.attemptTimeoutMs);
  const early = following(caller, deadline);
  try {
    const key = await signingKey(options.credentials, caller, early.signal);
    call.checkKey?.(key);
    const context = { endpoint: options.endpoint, key, signedAt: new Date(options.now()) };
    const form = await options.sign(queryParameters(call.operation, call.members), context);
    caller.throwIfAborted();

    const isAbortable = call.effect === 'nothing';
    const ending = isAbortable ? { caller, signal: early.signal } : { caller: undefined, signal: deadline };
    return await answered(form, { ...options, ...ending, effect: call.effect, deadline });
  } finally {
    early.release();
  }
}

async function answered(form: SignedForm, attempt: Attempt): Promise<Reply> {
  const response = await sent(form, attempt);
  const body = await bodyOf(response, attempt);
  const retryAfter = response.headers.get('retry-after');
  return { status: response.status, retryAfter, body, receivedAt: attempt.now() };
}

async function sent(form: SignedForm, attempt: Attempt): Promise<TransportResponse> {
  const { caller, signal } = attempt;
  try {
    return await attempt.transport(attempt.endpoint.href, {
      method: 'POST',
      headers: { ...form.headers, 'user-agent': 'waybill' },
      body: form.body,
      signal,
    });
  } catch (cause) {
    caller?.throwIfAborted();
    throw deliveryFailure(cause, attempt);
  }
}

/** Null for a body that broke off or is too long: what that means depends on the status. */
async function bodyOf(response: TransportResponse, attempt: Attempt): Promise<Uint8Array | null> {
  try {
    return await readBody(response, maxReplyBytes);
  } catch (cause) {
    attempt.caller?.throwIfAborted();
    if (attempt.deadline.aborted) throw deliveryFailure(cause, attempt);
    return null;
  }
}

function deliveryFailure(cause: unknown, { effect, deadline, attemptTimeoutMs }: Attempt): BackendError {
  if (isConnectFailure(cause)) {
    const message = 'AWS Import/Export cannot be reached; nothing was sent.';
    return failure({ code: 'UPSTREAM_UNAVAILABLE', message, cause });
  }
  if (deadline.aborted) {
    const message = `AWS Import/Export did not answer within ${attemptTimeoutMs} ms.`;
    return unclearFailure(effect, { code: 'UPSTREAM_TIMEOUT', message, cause });
  }
  const message = 'The connection to AWS Import/Export broke before it answered.';
  return unclearFailure(effect, { code: 'UPSTREAM_UNAVAILABLE', message, cause });
}
