/** Where a request or a socket says who it is from. Cookies and URLs are never read: both are sent by accident. */
import type { IncomingMessage } from 'node:http';
import { Unauthenticated } from './authenticator.ts';

/** Longer than the tokens of any issuer we know, and little enough to refuse before anything looks into it. */
const maxLength = 8_192;

/** RFC 6750, 2.1; the scheme in any case, RFC 9110, 11.1. */
const bearer = /^bearer +([A-Za-z0-9._~+/-]+=*)$/i;

/** The token itself. Throws `Unauthenticated`. */
export function bearerTokenFrom(authorization: string | undefined): string {
  if (authorization === undefined) throw new Unauthenticated('missing');
  const token = authorization.length <= maxLength ? bearer.exec(authorization)?.[1] : undefined;
  if (token === undefined) throw new Unauthenticated('malformed');
  return token;
}

/**
 * The `Authorization` of an HTTP request. Node's `headers` keeps the first of several and drops the others, where a proxy may
 * have looked at another; joined as lists are, they are one malformed header.
 */
export function authorizationFromRequest({ headersDistinct }: IncomingMessage): string | undefined {
  return headersDistinct['authorization']?.join(', ');
}

/** The same from the payload of a `connection_init`: `{ authorization: 'Bearer …' }`, or `Authorization`. Nothing else in it counts. */
export function authorizationFromPayload(payload: unknown): string | undefined {
  if (typeof payload !== 'object' || payload === null) return undefined;
  const values = new Map<string, unknown>(Object.entries(payload));
  const given = ['authorization', 'Authorization'].map((name) => values.get(name));
  const texts = given.filter((value) => typeof value === 'string');
  return texts.length > 0 ? texts.join(', ') : undefined;
}
