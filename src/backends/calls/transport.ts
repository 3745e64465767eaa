/** Defines the `fetch`-shaped function that sends requests, so that AWS and the emulator differ by one argument. */
export interface TransportRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly signal: AbortSignal;
  /**
   * Whether to open a connection for this request only. The peer may close a kept-alive connection just as it is
   * reused, or may have left stray bytes on it. That does not harm a read, which is retried, but would harm a create.
   */
  readonly isSingleUse?: boolean;
}

/**
 * Sends one request and resolves with the reply, whatever its status; the body is not read yet. Without a reply it
 * rejects: with the reason of `signal` if that fired, else with an error whose `code` (its own or its cause's) is
 * Node's, such as `ECONNREFUSED`.
 */
export type Transport = (url: string, request: TransportRequest) => Promise<TransportResponse>;

/** The part of the standard `Response` that the clients read. */
export interface TransportResponse {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: AsyncIterable<Uint8Array> | null;
}

const connectCodes = new Set(['EAI_AGAIN', 'ECONNREFUSED', 'ENOTFOUND', 'UND_ERR_CONNECT_TIMEOUT']);

/** Node's codes for a failed TLS handshake, which precedes the first byte of a request. */
const handshakeCode = /^(CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED_|UNABLE_TO_(GET|VERIFY)_)/;

/** Whether a transport failed because no connection was made, so that nothing can have been sent. */
export function isConnectFailure(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code = '', syscall } = error as NodeJS.ErrnoException;
  if (syscall === 'connect' || connectCodes.has(code) || handshakeCode.test(code)) return true;
  return isConnectFailure(error.cause);
}

/** Thrown by `readBody` when a reply is longer than it may be. */
export class BodyTooLargeError extends Error {
  override readonly name = 'BodyTooLargeError';
}

/** Reads a whole body of at most `maxBytes`. Throws `BodyTooLargeError` for a longer one, without reading the rest. */
export async function readBody(response: TransportResponse, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new BodyTooLargeError(`expected at most ${maxBytes} bytes of reply`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
