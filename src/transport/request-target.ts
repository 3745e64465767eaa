/** Reads the path of a raw request. */
import type { IncomingMessage } from 'node:http';

/** The path; undefined if the target and the `Host` form no URL. */
export function pathOf({ url = '/', headers }: IncomingMessage): string | undefined {
  const host = headers.host ?? 'localhost';
  if (url === last.url && host === last.host) return last.path;
  const base = `http://${host}`;
  const path = url.startsWith('/') && URL.canParse(url, base) ? new URL(url, base).pathname : undefined;
  last = { url, host, path };
  return path;
}

/** Nearly all requests have the target and the `Host` of the one before, and to parse both costs as much as to route it. */
let last: { readonly url: string; readonly host: string; readonly path: string | undefined } = {
  url: '/',
  host: 'localhost',
  path: '/',
};
