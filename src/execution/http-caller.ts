/** Authenticates the caller of a request over HTTP. */
import type { IncomingMessage } from 'node:http';
import type { Plugin } from 'graphql-yoga';
import { type Authenticator, Unauthenticated } from '../identity/authenticator.ts';
import { authorizationFromRequest } from '../identity/authorization.ts';
import type { Caller } from '../identity/caller.ts';
import { type ConnectionThrottle, type RateLimit, rateLimited, type Verdict } from '../limits/rate-limit.ts';

/** The listener's context for a request; the plugin adds the caller for the context of the operation. */
interface RequestScope {
  readonly req: IncomingMessage;
  caller?: Caller;
}

export interface HttpCallerOptions {
  readonly authenticator: Authenticator;
  readonly throttle: ConnectionThrottle;
  /** The points that callers may spend; absent without a limit. */
  readonly budget: Pick<RateLimit, 'refusal'> | undefined;
  /** Called for each caller who is refused here. */
  readonly onRateLimited: (caller: Caller) => void;
}

/**
 * Answers 401 to a caller without a valid token, and 429 to one who has spent their points. It does so before the body
 * is read, so that callers who send far too much take no parsing time from others. A preflight reads no data, and by
 * its rules carries no token (Fetch, "CORS-preflight fetch").
 */
export function useHttpCaller({ authenticator, throttle, budget, onRateLimited }: HttpCallerOptions): Plugin {
  return {
    async onRequest({ request, serverContext, endResponse, fetchAPI }) {
      if (request.method === 'OPTIONS') return;
      // Yoga types what the listener hands it as any object; `transport/routes.ts` hands it the request.
      const scope = serverContext as unknown as RequestScope;
      const address = scope.req.socket.remoteAddress ?? '';
      const verdict = await throttle.verdictFor(address);
      if (verdict !== undefined) return endResponse(tooMuch(fetchAPI.Response, verdict));
      try {
        scope.caller = await authenticator.authenticate(authorizationFromRequest(scope.req));
      } catch (error) {
        await throttle.failed(address);
        return endResponse(unauthenticated(fetchAPI.Response, error));
      }
      const spent = isForStream(request) ? undefined : budget?.refusal(scope.caller.id);
      if (spent === undefined) return;
      onRateLimited(scope.caller);
      endResponse(tooMuch(fetchAPI.Response, spent));
    },
  };
}

/** Readers of server-sent events receive errors in their stream. */
function isForStream({ headers }: Request): boolean {
  return headers.get('accept')?.includes('text/event-stream') ?? false;
}

function tooMuch(ResponseClass: typeof Response, verdict: NonNullable<Verdict>): Response {
  const headers = { 'retry-after': String(Math.ceil(verdict.retryAfterMs / 1_000)) };
  return refusal(ResponseClass, 429, rateLimited(verdict), headers);
}

/** A caller whose token cannot be checked at the moment may try again, as the token may be valid. */
function unauthenticated(ResponseClass: typeof Response, error: unknown): Response {
  const isUnavailable = !(error instanceof Unauthenticated) || error.reason === 'unavailable';
  const extensions = { code: 'UNAUTHENTICATED', retryable: isUnavailable };
  const message = 'Expected a valid bearer token in the header Authorization.';
  return refusal(ResponseClass, 401, { message, extensions }, { 'www-authenticate': 'Bearer' });
}

interface Refusal {
  readonly message: string;
  readonly extensions: object;
}

function refusal(
  ResponseClass: typeof Response,
  status: number,
  { message, extensions }: Refusal,
  headers: Readonly<Record<string, string>>,
): Response {
  const body = JSON.stringify({ errors: [{ message, extensions }] });
  const type = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' };
  return new ResponseClass(body, { status, headers: { ...type, ...headers } });
}
