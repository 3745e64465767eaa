/** Reads the bearer token of a request or a socket. Cookies and URLs are never read, since both are sent by accident. */
import type { IncomingMessage } from 'node:http';
import { Unauthenticated } from './authenticator.ts';

/** Longer than the tokens of known issuers, and short enough to refuse others before parsing. */
const maxLength = 8_192;

/** RFC 6750, 2.1; the scheme in any case (RFC 9110, 11.1). */
const bearer = /^bearer +([A-Za-z0-9._~+/-]+=*)$/i;

/** The token. Throws `Unauthenticated`. */
export function bearerTokenFrom(authorization: string | undefined): string {
  if (authorization === undefined) throw new Unauthenticated('missing');
  const token = authorization.length <= maxLength ? bearer.exec(authorization)?.[1] : undefined;
  if (token === undefined) throw new Unauthenticated('malformed');
  return token;
}

/**
 * The `Authorization` of an HTTP request. Node's `headers` keeps only the first of several, while a proxy may have
 * checked another; joined as a list they are one malformed header.
 */
export function authorizationFromRequest(request: IncomingMessage): string | undefined {
  // Node makes `headersDistinct` of all headers when it is first read.
  if (request.headers.authorization === undefined) return undefined;
  return request.headersDistinct['authorization']?.join(', ');
}

/**
 * The same from the payload of a `connection_init`: `{ authorization: 'Bearer …' }` or `Authorization`. Other members
 * are ignored.
 */
export function authorizationFromPayload(payload: unknown): string | undefined {
  if (typeof payload !== 'object' || payload === null) return undefined;
  const members = new Map<string, unknown>(Object.entries(payload));
  const values = ['authorization', 'Authorization'].map((name) => members.get(name));
  const texts = values.filter((value) => typeof value === 'string');
  return texts.length > 0 ? texts.join(', ') : undefined;
}
