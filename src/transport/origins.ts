/** Which pages may use the gateway from a browser. */
import type { IncomingMessage } from 'node:http';

/**
 * Whether a WebSocket handshake may go on: no `Origin` (not a browser), the gateway's own, or one that was allowed by name.
 * Browsers do not apply CORS to WebSockets, so the server must.
 */
export function isAllowedOrigin(request: IncomingMessage, allowedOrigins: readonly string[]): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined || allowedOrigins.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}
