/** Marks by which equal things are known again without being kept. */
import { createHmac } from 'node:crypto';

/** The same mark for equal values; who lacks the key can neither read nor try out what a mark stands for. */
export type Fingerprint = (value: unknown) => string;

export function createFingerprint(key: Uint8Array): Fingerprint {
  return (value) => createHmac('sha256', key).update(canonicalJson(value)).digest('base64url');
}

/** Equal for equal values, whatever the order of their members; absent and null are the same, as they are to a service. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_name, member: unknown) => {
    if (member === null) return undefined;
    if (typeof member !== 'object' || Array.isArray(member)) return member;
    return Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
