/** Writes and reads instants. */
import { GraphQLError } from 'graphql';
import { z } from 'zod';

/** RFC 3339 with milliseconds, in UTC. Throws for an invalid date. */
export function dateTimeText(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  throw new TypeError('A DateTime must be a Date.');
}

/** Longer than any instant with nine digits of a second. */
const maxLength = 40;

/** Checks the days of each month too. The year has four digits. */
const instant = z
  .string()
  .max(maxLength)
  .pipe(z.iso.datetime({ offset: true }));

/**
 * The instant that a client sends in RFC 3339 form; null for an empty text, as tools fill in optional texts. Throws for
 * anything else a `GraphQLError`, whose message graphql-js shows without the value.
 */
export function dateTimeFrom(value: unknown): Date | null {
  if (value === '') return null;
  const text = instant.safeParse(value);
  if (!text.success)
    throw new GraphQLError('Expected an instant in RFC 3339 form with its offset, such as "2026-01-31T09:30:00Z".');
  return new Date(text.data);
}
