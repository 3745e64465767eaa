/** The service's constraints on single values. Messages say what was expected and what arrived, never a value. */

import { z } from 'zod';
import { fits, rangeOf, type Size, sizes, textSize } from '../../model/job-input-sizes.ts';
import { bucketNameRule, isBucketName } from '../bucket-name.ts';

interface TextRule {
  readonly size: Size;
  /** Completes the message "expected …". Absent where the size says enough. */
  readonly expected?: string;
  readonly isValid?: (text: string) => boolean;
}

/** A text of a certain size and form. */
export function textOf({ size, expected = rangeOf(size), isValid = () => true }: TextRule) {
  const hasRightLength = (value: string) => fits(size.unit === 'bytes' ? Buffer.byteLength(value) : value.length, size);
  return z
    .string({ error: ({ input }) => `expected ${expected}, received ${kindOf(input)}` })
    .refine((value) => hasRightLength(value) && !/\p{Cs}/u.test(value) && isValid(value), {
      error: ({ input }) =>
        `expected ${expected}, received ${kindOf(input)}${hasRightLength(String(input)) ? ' that do not fit' : ''}`,
    });
}

export function listOf<Item extends z.ZodType>(item: Item, size: Size) {
  const error = ({ input }: { readonly input?: unknown }) =>
    `expected ${rangeOf(size)} element${size.max === 1 ? '' : 's'}, received ${kindOf(input)}`;
  return z.array(item, { error }).refine((list) => fits(list.length, size), { error });
}

/** One of `names`, in this spelling. */
export function oneOf(...names: readonly [string, ...string[]]) {
  return z.enum(names, {
    error: `expected one of ${names.join(', ')}, received another value`,
  });
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Describes a value without showing it. */
function kindOf(value: unknown): string {
  if (typeof value === 'string') return counted(value.length, 'character');
  if (Array.isArray(value)) return counted(value.length, 'element');
  return value === null || value === undefined ? 'nothing' : `a value of type ${typeof value}`;
}

/**
 * The ids of data sets, revisions, assets and jobs. The model's pattern, `[a-zA-Z0-9]{30,40}`, has no anchors and would
 * find an id inside an ARN. `$` without the flag `m` matches only at the very end.
 */
export const awsId = textOf({
  size: sizes.dataExchangeId,
  expected: '30 to 40 ASCII letters or digits',
  isValid: (value) => /^[a-zA-Z0-9]+$/.test(value),
});

/** `Md5Hash` and `ApiSpecificationMd5Hash`: sixteen bytes in Base64. */
export const md5Hash = textOf({
  expected: '24 characters of Base64 that encode 16 bytes',
  size: sizes.md5Hash,
  isValid: (value) => /^[A-Za-z0-9+/]{22}==$/.test(value),
});

export const bucket = textOf({ size: sizes.bucket, expected: bucketNameRule, isValid: isBucketName });

export const objectKey = textOf({ size: sizes.objectKey, expected: `an S3 object key of ${rangeOf(sizes.objectKey)}` });

export const requiredText = textOf({ size: { ...textSize, min: 1 } });

export const anyText = textOf({ size: textSize });

export const kmsKeyArn = textOf({ size: sizes.kmsKeyArn });

/** The service's own token, of any length. */
export const pagingToken = z.string().min(1, 'expected at least 1 character, received none');
