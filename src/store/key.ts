/** Keys for several purposes from one secret: whoever learns of one learns nothing of the others. */
import { hkdfSync } from 'node:crypto';

/** 32 bytes, always the same for the same `secret` and `purpose`. */
export function keyFrom(secret: Uint8Array, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, '', purpose, 32));
}
