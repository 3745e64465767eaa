/** What callers are told, secrets and all: two secrets are equal to every comparison, so tests compare what is in them. */
import { Secret } from '../../src/base/secret.ts';

/** `value` with each `Secret` in it, however deep, replaced by what it holds. */
export function revealed(value: unknown): unknown {
  if (value instanceof Secret) return revealed(value.reveal());
  if (Array.isArray(value)) return value.map(revealed);
  if (typeof value !== 'object' || value === null || value instanceof Date || value instanceof Error) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, revealed(member)]));
}
