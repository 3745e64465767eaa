/** What every answer tells a browser not to do with it. */
import type { ServerResponse } from 'node:http';

/** Answers hold data of one caller and are of no use in a frame, as a script, or to the next page. */
const headers = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
  // Whether a page may read an answer depends on where it is from.
  vary: 'Origin',
} as const;

export function setSecurityHeaders(response: ServerResponse): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
}
