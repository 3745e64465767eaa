/** Rules for single values of the input. An error names the member at fault and does not show its value. */

import { z } from 'zod';
import { charactersIn, fits, inputSize, rangeOf, textSize } from '../../model/job-input-sizes.ts';
import { bucketNameRule, isBucketName } from '../bucket-name.ts';
import { failure } from './errors.ts';

/**
 * Whether a reply in XML can have `value` (XML 1.0, section 2.2, "Characters"): a job whose manifest has other
 * characters could be created but not read.
 */
export function isXmlText(value: string): boolean {
  return /^[\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]*$/u.test(value);
}

/** Any text, such as a line of an address. The manifest quotes it. */
export const text = z
  .string('must be given')
  .refine((value) => fits(value.length, textSize), `must have ${rangeOf(textSize)}`)
  .refine((value) => value.trim() !== '', 'must not be empty')
  // In the form that the manifest has, with control characters escaped.
  .refine((value) => isXmlText(JSON.stringify(value)), 'must have no character that XML cannot carry')
  .refine((value) => !/\p{Cs}/u.test(value), 'must be valid Unicode');

/** Text of one line, such as a name. */
export const line = text.refine((value) => !/\p{Cc}/u.test(value), 'must not have control characters');

export const bucket = line.refine(isBucketName, `must be ${bucketNameRule}`);

/**
 * Throws `INVALID_INPUT` for the first member of `value` that breaks a rule of `schema`, or for `value` if its texts
 * together are too long. `path` leads to `value`.
 */
export function assertValid(schema: z.ZodType, value: unknown, path: readonly string[]): void {
  // `data` has only the members with a rule; the caller did not write the others.
  const { data, error } = schema.safeParse(value);
  const isTooLong = !fits(charactersIn(data), inputSize);
  const tooLong = { path: [], message: `must have ${rangeOf(inputSize)} in all` };
  const issue = error?.issues[0] ?? (isTooLong ? tooLong : undefined);
  if (issue === undefined) return;
  const field = [...path, ...issue.path.map(String)];
  throw failure({ code: 'INVALID_INPUT', message: `${field.join('.')} ${issue.message}.`, field });
}
