/** Where a raw request is addressed to, whatever its client wrote. */
import type { IncomingMessage } from 'node:http';

/** The path of the request; undefined if its target or its `Host` make no URL, as no honest client's do. */
export function pathOf({ url = '/', headers }: IncomingMessage): string | undefined {
  const base = `http://${headers.host ?? 'localhost'}`;
  return url.startsWith('/') && URL.canParse(url, base) ? new URL(url, base).pathname : undefined;
}
