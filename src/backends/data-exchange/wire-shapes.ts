/** The shapes that several answers of the service share, and their conversion to the types of the model. */
import { z } from 'zod';

/** The end of the year 9999, in seconds since the epoch. */
const lastInstant = 253_402_300_799;

/**
 * An instant in each form that the API's documents show: ISO 8601 with `Z` or an offset, and seconds since the epoch,
 * which older pages print as `number`. It refuses a year of more than four digits.
 */
export const instant = z
  .union([
    z.iso.datetime({ offset: true }).transform((text) => new Date(text)),
    z
      .number()
      .min(0)
      .max(lastInstant)
      .transform((seconds) => new Date(seconds * 1_000)),
  ])
  .refine((date) => date.getUTCFullYear() >= 0 && date.getUTCFullYear() <= 9_999);

/** `schema`, or null where the value is missing. */
export function orNull<Schema extends z.ZodType>(schema: Schema) {
  return schema.nullish().transform((value) => value ?? null);
}

export const text = orNull(z.string());

/** A value of an enumeration, known or not. Callers see it, so it must be a plain word. */
export const word = z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,99}$/);

export const revision = { DataSetId: text, RevisionId: text };

export const s3Object = z
  .object({ Bucket: z.string(), Key: z.string() })
  .transform(({ Bucket, Key }) => ({ bucket: Bucket, key: Key }));
