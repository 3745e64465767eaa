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

/**
 * Whether the request was sent to a name of this machine itself. Where nobody is asked who they are, a page whose own name
 * was made to lead here (DNS rebinding) would pass for the gateway's own: its browser tells that name as the `Host`.
 */
export function isOwnHost({ headers: { host = '' } }: IncomingMessage): boolean {
  const name = host.replace(/:\d+$/, '').toLowerCase();
  return name === 'localhost' || name === '[::1]' || /^127(\.\d{1,3}){3}$/.test(name);
}
