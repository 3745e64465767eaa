/** What the log shows in place of a text. */
import { createHash } from 'node:crypto';

/** The first 16 hex digits of the SHA-256 of `text`. */
export function shortDigest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
