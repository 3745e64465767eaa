/** Sets the security headers of every response. */
import type { ServerResponse } from 'node:http';

/** Responses hold data of one caller. No frame, script or other page has a use for them. */
const headers = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
  // Whether a page may read the response depends on its origin.
  vary: 'Origin',
} as const;

export function setSecurityHeaders(response: ServerResponse): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
}
