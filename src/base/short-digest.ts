/** What the log shows in place of a text. */
import { hash } from 'node:crypto';

/** The first 16 hex digits of the SHA-256 of `text`. */
export function shortDigest(text: string): string {
  return hash('sha256', text, 'hex').slice(0, 16);
}
