/** Derives keys for several purposes from one secret: none reveals another. */
import { hkdfSync } from 'node:crypto';

/** Returns 32 bytes, the same for the same `secret` and `purpose`. */
export function keyFrom(secret: Uint8Array, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, '', purpose, 32));
}
