/** Sends requests over sockets. It is loaded only to call AWS, since undici has a hundred files. */
import { Agent, type Dispatcher, request } from 'undici';
import { observed } from './reused-socket.ts';
import type { Transport } from './transport.ts';

export interface HttpTransportOptions {
  /** Certificates, in PEM, to trust in place of Node's own list. */
  readonly ca?: string;
}

/**
 * A transport over sockets, with its own pools of 50 sockets, as many as the AWS SDK uses. Connecting takes a second at
 * most. Redirects are not followed.
 *
 * It uses undici's `request` and not its `fetch`: for a reply of a few hundred bytes, web streams and copies of the
 * request would take longer than the rest of a read.
 */
export function httpTransport({ ca }: HttpTransportOptions = {}): Transport {
  const pool = { connections: 50, connect: { timeout: 1_000, ...(ca !== undefined && { ca }) } };
  const keptOpen = new Agent(pool);
  // Zero switches keep-alive off.
  const singleUse = new Agent({ ...pool, pipelining: 0 });
  return async (url, { method, headers, body = null, signal, isSingleUse = false }) => {
    const options = { method: method as Dispatcher.HttpMethod, headers, body, signal };
    const send = (dispatcher: Dispatcher) => request(url, { dispatcher, ...options });
    const reply = await (isSingleUse
      ? send(singleUse)
      : sentOrResent(
          () => send(keptOpen),
          () => send(singleUse),
          signal,
        ));
    const hasBody = reply.statusCode !== noContent;
    if (!hasBody) reply.body.dump().catch(() => {});
    return {
      status: reply.statusCode,
      headers: { get: (name) => textOf(reply.headers[name]) },
      body: hasBody ? reply.body : null,
    };
  };
}

/**
 * Sends by `send`, and again by `resend` if the peer closed a reused connection before any byte of an answer. A
 * connection that closes just as it is reused is no failure of the service, however often that happens.
 */
async function sentOrResent<T>(send: () => Promise<T>, resend: () => Promise<T>, signal: AbortSignal): Promise<T> {
  const { sent, wasClosedUnanswered } = observed(send);
  try {
    return await sent;
  } catch (error) {
    if (signal.aborted || !wasClosedUnanswered()) throw error;
    return resend();
  }
}

/** The status without a body, whatever the headers say (RFC 9110, 15.3.5). */
const noContent = 204;

function textOf(header: string | string[] | undefined): string | null {
  return Array.isArray(header) ? header.join(', ') : (header ?? null);
}
