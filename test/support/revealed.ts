/** Reveals secrets for comparisons, as two secrets are equal in every comparison. */
import { Secret } from '../../src/base/secret.ts';

/** `value` with each `Secret`, at any depth, replaced by its content. */
export function revealed(value: unknown): unknown {
  if (value instanceof Secret) return revealed(value.reveal());
  if (Array.isArray(value)) return value.map(revealed);
  if (typeof value !== 'object' || value === null || value instanceof Date || value instanceof Error) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, revealed(member)]));
}
