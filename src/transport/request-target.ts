/** Reads the path of a raw request. */
import type { IncomingMessage } from 'node:http';

/** The path; undefined if the target and the `Host` form no URL. */
export function pathOf({ url = '/', headers }: IncomingMessage): string | undefined {
  const base = `http://${headers.host ?? 'localhost'}`;
  return url.startsWith('/') && URL.canParse(url, base) ? new URL(url, base).pathname : undefined;
}
