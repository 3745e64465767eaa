/** How one request goes to the service and its answer comes back: once, within a deadline, and of a bounded size. */

import type { Clock } from '../../base/clock.ts';
import { orAborted } from '../../base/deadline.ts';
import type { CallTime } from '../calls/attempt.ts';
import type { CredentialsSource } from '../calls/credentials.ts';
import type { Guard, GuardedRequest } from '../calls/guard.ts';
import type { Amendment, SignedReply } from '../calls/second-signature.ts';
import { readBody, type Transport, type TransportRequest, type TransportResponse } from '../calls/transport.ts';
import { type JobCommand, operationOf, type Signer, urlOf } from './signer.ts';
import { brokenBody, notAnswered, notSigned } from './transport-errors.ts';

/** An answer of any status, read to its end. */
export interface Reply extends SignedReply {
  readonly status: number;
  readonly body: Uint8Array;
  /** Names in lower case. */
  header(name: string): string | undefined;
}

/** 200 jobs with 100 sources of ordinary keys each are 1.5 MB; of long keys, three jobs may be. `PageSize` asks for fewer then. */
const maxReplyBytes = 2 * 1024 * 1024;

export interface ExchangeOptions {
  readonly clock: Clock;
  readonly guard: Guard;
  readonly sign: Signer;
  readonly credentials: CredentialsSource;
  readonly transport: Transport;
}

/**
 * Sends `command` once. Throws `BackendError` where no complete answer comes: `isOutcomeUnclear` says whether the request
 * may have arrived.
 */
export type Exchange = (
  command: JobCommand,
  effect: GuardedRequest['effect'],
  time: CallTime,
  amendment: Amendment,
) => Promise<Reply>;

export function createExchange(options: ExchangeOptions): Exchange {
  const { credentials, transport, clock, guard } = options;
  const signed = async (command: JobCommand, { refusedKey, signedAt = new Date(clock.now()) }: Amendment) => {
    const key = await (refusedKey ? credentials.insteadOf(refusedKey) : credentials.current());
    return { request: await options.sign(command, key, signedAt), key, signedAt };
  };
  return (command, effect, time, amendment) =>
    guard.attempt({ operation: operationOf(command), effect }, time, async ({ caller, deadline, early }) => {
      const { request, ...signature } = await orAborted(signed(command, amendment), early).catch((error: unknown) => {
        throw notSigned(error, caller);
      });
      // From here on a write may take effect: its outcome is wanted even if the caller has gone.
      const isAlone = effect === 'write';
      const signal = isAlone ? deadline : early;
      const { method, headers, body } = request;
      const sent = { method, headers, signal, isAlone, ...(body === undefined ? {} : { body }) };
      return { ...signature, ...(await answered(transport, urlOf(request), sent)) };
    });
}

type Answer = Omit<Reply, 'key' | 'signedAt'>;

/** Ends with the signal, even where the transport ignores it. */
async function answered(transport: Transport, url: string, request: TransportRequest): Promise<Answer> {
  const { signal } = request;
  const response = await orAborted(transport(url, request), signal).catch((error: unknown) => {
    throw notAnswered(error, signal);
  });
  return {
    status: response.status,
    date: response.headers.get('date'),
    header: (name) => response.headers.get(name) ?? undefined,
    body: await bodyOf(response, signal),
  };
}

/** A refusal is one whatever became of its body: its name may stand in a header, and its status says enough. */
async function bodyOf(response: TransportResponse, signal: AbortSignal): Promise<Uint8Array> {
  return orAborted(readBody(response, maxReplyBytes), signal).catch((error: unknown) => {
    if (response.status >= 300 && !signal.aborted) return new Uint8Array();
    throw brokenBody(error, signal);
  });
}
