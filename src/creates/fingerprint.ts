/** Keyed hashes (HMAC) by which equal values are recognised without being stored. */
import { createHmac } from 'node:crypto';

/** Returns the same mark for equal values. Without the key a mark can be neither read nor guessed. */
export type Fingerprint = (value: unknown) => string;

export function createFingerprint(key: Uint8Array): Fingerprint {
  return (value) => createHmac('sha256', key).update(canonicalJson(value)).digest('base64url');
}

/**
 * The same text for equal values, whatever the order of members; absent and null are equal, as they are to the
 * services.
 */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_name, member: unknown) => {
    if (member === null) return undefined;
    if (typeof member !== 'object' || Array.isArray(member)) return member;
    return Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
