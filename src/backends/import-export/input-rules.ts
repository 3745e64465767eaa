/** Rules for single values of an input, and the refusal that names the member at fault without showing its value. */
import { z } from 'zod';
import { bucketNameRule, isBucketName } from '../bucket-name.ts';
import { failure } from './errors.ts';

/**
 * Whether `value` can come back in a reply (XML 1.0, section 2.2, "Characters"): a job whose manifest holds anything else could
 * be created and never be read.
 */
export function isXmlText(value: string): boolean {
  return /^[\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]*$/u.test(value);
}

/** AWS documents no limit for most members; this one is far beyond any honest value and bounds what is sent. */
const maxTextLength = 1_024;

/** Text with anything in it, such as a line of an address: data, which the manifest quotes. */
export const text = z
  .string('must be given')
  .max(maxTextLength, `must be at most ${maxTextLength} characters long`)
  .refine((value) => value.trim() !== '', 'must not be empty')
  // As the manifest writes it, with control characters escaped.
  .refine((value) => isXmlText(JSON.stringify(value)), 'must have no character that XML cannot carry')
  .refine((value) => !/\p{Cs}/u.test(value), 'must be valid Unicode');

/** Text of one line, such as a name that is looked up somewhere. */
export const line = text.refine((value) => !/\p{Cc}/u.test(value), 'must not have control characters');

export const bucket = line.refine(isBucketName, `must be ${bucketNameRule}`);

/** Throws `INVALID_INPUT` at the first member of `value` that breaks a rule of `schema`; `path` leads to `value`. */
export function assertValid(schema: z.ZodType, value: unknown, path: readonly string[]): void {
  const issue = schema.safeParse(value).error?.issues[0];
  if (issue === undefined) return;
  const field = [...path, ...issue.path.map(String)];
  throw failure({ code: 'INVALID_INPUT', message: `${field.join('.')} ${issue.message}.`, field });
}
