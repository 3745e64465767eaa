/** What a single value must be for the service to take it. Messages state what was expected and what arrived, never a value. */

import { z } from 'zod';
import { fits, rangeOf, type Size, sizes, textSize } from '../../model/job-input-sizes.ts';
import { bucketNameRule, isBucketName } from '../bucket-name.ts';

interface TextRule {
  readonly size: Size;
  /** Completes the sentence "expected …". Absent where the size says it all. */
  readonly expected?: string;
  readonly isValid?: (text: string) => boolean;
}

function text({ size, expected = rangeOf(size), isValid = () => true }: TextRule) {
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

/** What arrived, without saying it. */
function kindOf(value: unknown): string {
  if (typeof value === 'string') return counted(value.length, 'character');
  if (Array.isArray(value)) return counted(value.length, 'element');
  return value === null || value === undefined ? 'nothing' : `a value of type ${typeof value}`;
}

/**
 * The ids of data sets, revisions, assets and jobs. The model's pattern, `[a-zA-Z0-9]{30,40}`, has no anchors; taken as it
 * stands it would find an id inside an ARN. `$` without the flag `m` matches at the very end only.
 */
export const awsId = text({
  size: sizes.dataExchangeId,
  expected: '30 to 40 ASCII letters or digits',
  isValid: (value) => /^[a-zA-Z0-9]+$/.test(value),
});

/** `Md5Hash` and `ApiSpecificationMd5Hash`: sixteen bytes in Base64. */
export const md5Hash = text({
  expected: '24 characters of Base64 that stand for 16 bytes',
  size: sizes.md5Hash,
  isValid: (value) => /^[A-Za-z0-9+/]{22}==$/.test(value),
});

export const bucket = text({ size: sizes.bucket, expected: bucketNameRule, isValid: isBucketName });

export const objectKey = text({ size: sizes.objectKey, expected: `an S3 object key of ${rangeOf(sizes.objectKey)}` });

const keyPrefixSize = { ...sizes.objectKey, min: 0 };

export const keyPrefix = text({ size: keyPrefixSize, expected: `an S3 key prefix of ${rangeOf(keyPrefixSize)}` });

export const assetName = text({
  expected: '1 to 256 characters without control characters',
  size: sizes.assetName,
  isValid: (value) => !/\p{Cc}/u.test(value),
});

export const requiredText = text({ size: { ...textSize, min: 1 } });

export const anyText = text({ size: textSize });

export const apiDescription = text({ size: sizes.apiDescription });

export const kmsKeyArn = text({ size: sizes.kmsKeyArn });

/** What the service made itself, of whatever length. */
export const pagingToken = z.string().min(1, 'expected at least 1 character, received none');

export const catalogId = text({
  expected: 'exactly 12 ASCII digits',
  size: sizes.catalogId,
  isValid: (value) => /^[0-9]+$/.test(value),
});

/** Without the flag `s`, as the model's own pattern: a line break is no part of a role's name. */
export const roleArn = text({
  size: textSize,
  expected: 'arn:aws:iam::, 12 digits, :role/ and the name of a role',
  isValid: (value) => /^arn:aws:iam::[0-9]{12}:role\/.+$/.test(value),
});

/** The references that a key pattern may hold (Data Exchange User Guide, "Key patterns when exporting asset revisions"). */
const references: ReadonlySet<string> = new Set([
  'Asset.Id',
  'Asset.Name',
  'DataSet.Id',
  'DataSet.Name',
  'Revision.CreatedAt',
  'Revision.CreatedAt.Day',
  'Revision.CreatedAt.Month',
  'Revision.CreatedAt.Year',
  'Revision.Id',
]);

export const keyPattern = text({
  expected:
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the service's own notation
    'a key pattern that holds ${Asset.Name} or ${Asset.Id} and no reference that the service does not know',
  size: textSize,
  isValid: (pattern) => {
    const names = pattern
      .split('${')
      .slice(1)
      .map((rest) => /^([^}]*)\}/.exec(rest)?.[1] ?? '');
    return names.every((name) => references.has(name)) && names.some((name) => name.startsWith('Asset.'));
  },
});
