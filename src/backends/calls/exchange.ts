/** Sends one signed request once, and reads its reply within a deadline and a maximum size. For both services. */
import type { Clock } from '../../base/clock.ts';
import { orAborted } from '../../base/deadline.ts';
import { BackendError } from '../../model/errors.ts';
import type { AttemptTime, CallTime } from './attempt.ts';
import type { AwsCredentials, CredentialsSource } from './credentials.ts';
import type { Guard, GuardedRequest } from './guard.ts';
import { type Ending, LostReply, lostBeforeReply, lostWithinBody } from './lost-reply.ts';
import type { Amendment, SignedReply } from './second-signature.ts';
import { readBody, type Transport, type TransportRequest, type TransportResponse } from './transport.ts';

/** A reply of any status. The body of a refusal is empty if it broke off or was too long: the status says enough. */
export interface Reply extends SignedReply {
  readonly status: number;
  readonly body: Uint8Array;
  /** Names in lower case. */
  header(name: string): string | undefined;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
}

export interface SignedRequest extends Pick<TransportRequest, 'body' | 'headers' | 'method'> {
  readonly url: string;
}

/** How one service writes a request, and what a lost reply means. All else is the same for both services. */
export interface Codec<Call> {
  readonly maxReplyBytes: number;
  readonly requestOf: (call: Call) => GuardedRequest;
  /** Writes and signs `call`. A `BackendError` that it throws is the failure of the call. */
  readonly sign: (call: Call, key: AwsCredentials, signedAt: Date) => Promise<SignedRequest>;
  /** The error that `call` throws because its reply was lost. */
  readonly failureOf: (lost: LostReply, call: Call) => unknown;
}

export interface ExchangeOptions<Call> {
  readonly clock: Clock;
  readonly guard: Guard;
  readonly credentials: CredentialsSource;
  readonly transport: Transport;
  readonly codec: Codec<Call>;
}

/** Sends `call` once. Throws what the codec makes of a lost reply, or a `BackendError` of the guard. */
export type Exchange<Call> = (call: Call, time: CallTime, amendment: Amendment) => Promise<Reply>;

export function createExchange<Call>(options: ExchangeOptions<Call>): Exchange<Call> {
  const { guard, codec } = options;
  return (call, time, amendment) =>
    guard.attempt(codec.requestOf(call), time, async (attemptTime) => {
      try {
        return await exchanged(call, amendment, attemptTime, options);
      } catch (error) {
        throw error instanceof LostReply ? codec.failureOf(error, call) : error;
      }
    });
}

async function exchanged<Call>(
  call: Call,
  amendment: Amendment,
  time: AttemptTime,
  options: ExchangeOptions<Call>,
): Promise<Reply> {
  const { transport, codec, clock } = options;
  const { request, ...signature } = await signed(call, amendment, time, options);
  const isWrite = codec.requestOf(call).effect === 'write';
  const ending = { caller: isWrite ? undefined : time.caller, signal: time.afterSending };
  const { url, ...content } = request;
  const sent = transport(url, { signal: ending.signal, isSingleUse: isWrite, ...content });
  // Ends with the signal, even if the transport ignores it.
  const response = await orAborted(sent, ending.signal).catch((cause: unknown) => {
    throw lostBeforeReply(cause, ending);
  });
  const body = await bodyOf(response, codec.maxReplyBytes, ending);
  return {
    ...signature,
    status: response.status,
    date: response.headers.get('date'),
    header: (name) => response.headers.get(name) ?? undefined,
    body,
    receivedAt: clock.now(),
  };
}

async function signed<Call>(
  call: Call,
  { refusedKey, signedAt }: Amendment,
  { caller, early }: AttemptTime,
  { credentials, codec, clock }: ExchangeOptions<Call>,
) {
  const sign = async () => {
    const key = await (refusedKey ? credentials.insteadOf(refusedKey) : credentials.current());
    const at = signedAt ?? new Date(clock.now());
    return { request: await codec.sign(call, key, at), key, signedAt: at };
  };
  // A credentials provider takes no signal, so one that hangs is abandoned.
  return orAborted(sign(), early).catch((cause: unknown) => {
    if (cause instanceof BackendError) throw cause;
    throw caller.aborted ? new LostReply('caller left', caller.reason) : new LostReply('not signed', cause);
  });
}

async function bodyOf(response: TransportResponse, maxBytes: number, ending: Ending): Promise<Uint8Array> {
  return orAborted(readBody(response, maxBytes), ending.signal).catch((cause: unknown) => {
    if (response.status >= 300 && !ending.signal.aborted) return new Uint8Array();
    throw lostWithinBody(cause, ending);
  });
}
