/** Limits the number of header lines of a request. Node limits their bytes, to 16 kB, and silently drops lines beyond 2,000. */
import type { IncomingMessage } from 'node:http';

/** A browser behind two proxies sends about 30. */
const maxLines = 100;

export function hasTooManyHeaders({ rawHeaders }: IncomingMessage): boolean {
  // `rawHeaders` alternates names and values.
  return rawHeaders.length > maxLines * 2;
}
