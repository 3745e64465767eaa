/** Serializes instants. */

/** RFC 3339 with milliseconds, in UTC. Throws for an invalid date. */
export function dateTimeText(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  throw new TypeError('A DateTime must be a Date.');
}
