/** Decides which web pages may open a WebSocket from a browser. */
import type { IncomingMessage } from 'node:http';

/**
 * Whether the handshake has no `Origin` (not a browser), the gateway's own, or one that the configuration allows.
 * Browsers do not apply CORS to WebSockets, so the server must check.
 */
export function isAllowedOrigin(request: IncomingMessage, allowedOrigins: readonly string[]): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined || allowedOrigins.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}
