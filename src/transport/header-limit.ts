/** How many lines a request's header may have. Node bounds its bytes, to 16 kB, and drops lines beyond 2,000 without a word. */
import type { IncomingMessage } from 'node:http';

/** A browser behind two proxies sends some thirty. */
const maxLines = 100;

export function hasTooManyHeaders({ rawHeaders }: IncomingMessage): boolean {
  // Names and values take turns.
  return rawHeaders.length > maxLines * 2;
}
