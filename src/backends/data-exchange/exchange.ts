/** How one call goes to the service and its answer comes back: once, within a deadline, and of a bounded size. */
import type { HttpRequest } from '@smithy/protocol-http';
import { following, orAborted } from '../../deadline.ts';
import type { CallOptions } from '../backend.ts';
import { readBody, type Transport } from '../transport.ts';
import { type JobCommand, type Signer, urlOf } from './signer.ts';
import { errorFromTransport, notSigned } from './transport-errors.ts';

/** An answer of any status, read to its end. */
export interface Reply {
  readonly status: number;
  readonly body: Uint8Array;
  /** Names in lower case. */
  header(name: string): string | undefined;
}

/** A page of 200 jobs with 100 sources each, about the most that a list answers, is 1.5 MB. */
const maxReplyBytes = 2 * 1024 * 1024;

export interface ExchangeOptions {
  readonly sign: Signer;
  readonly transport: Transport;
  readonly attemptTimeoutMs: number;
}

/**
 * Sends `command` once. Throws `BackendError` where no complete answer comes: `isOutcomeUnclear` says whether the request
 * may have arrived.
 */
export type Exchange = (command: JobCommand, kind: 'read' | 'write', options: CallOptions) => Promise<Reply>;

export function createExchange({ sign, transport, attemptTimeoutMs }: ExchangeOptions): Exchange {
  return async (command, kind, options) => {
    const deadline = AbortSignal.timeout(attemptTimeoutMs);
    const early = following(deadline, options.signal);
    try {
      const request = await orAborted(sign(command), early.signal).catch((error: unknown) => {
        throw notSigned(error, options.signal);
      });
      // From here on a write may take effect: its outcome is wanted even if the caller has gone.
      const signal = kind === 'write' ? deadline : early.signal;
      return await orAborted(sendOnce(transport, request, signal), signal).catch((error: unknown) => {
        throw errorFromTransport(error, signal);
      });
    } finally {
      early.release();
    }
  };
}

async function sendOnce(transport: Transport, request: HttpRequest, signal: AbortSignal): Promise<Reply> {
  const { method, headers, body } = request;
  const response = await transport(urlOf(request), {
    method,
    headers,
    signal,
    ...(body === undefined ? {} : { body }),
  });
  return {
    status: response.status,
    body: await readBody(response, maxReplyBytes),
    header: (name) => response.headers.get(name) ?? undefined,
  };
}
