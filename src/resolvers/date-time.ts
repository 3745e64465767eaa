/** How an instant is written in an answer. */

/** RFC 3339 with milliseconds, in UTC. Throws for what is not a valid date, rather than answer `Invalid Date`. */
export function dateTimeText(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  throw new TypeError('A DateTime must be a Date.');
}
