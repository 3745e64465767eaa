/** What a single value must be for the service to take it. Messages state what was expected and what arrived, never a value. */
import { z } from 'zod';
import { bucketNameRule, isBucketName } from '../bucket-name.ts';

interface TextRule {
  /** Completes the sentence "expected …". */
  readonly expected: string;
  readonly min: number;
  readonly max?: number;
  readonly isValid?: (text: string) => boolean;
}

function text({ expected, min, max = Number.POSITIVE_INFINITY, isValid = () => true }: TextRule) {
  const hasRightLength = (value: string) => value.length >= min && value.length <= max;
  return z
    .string({ error: ({ input }) => `expected ${expected}, received ${kindOf(input)}` })
    .refine((value) => hasRightLength(value) && !/\p{Cs}/u.test(value) && isValid(value), {
      error: ({ input }) =>
        `expected ${expected}, received ${kindOf(input)}${hasRightLength(String(input)) ? ' that do not fit' : ''}`,
    });
}

/** A list of `min` to `max` items. */
export function listOf<Item extends z.ZodType>(item: Item, min: number, max = Number.POSITIVE_INFINITY) {
  const error = ({ input }: { readonly input?: unknown }) =>
    `expected ${countsBetween(min, max)}, received ${kindOf(input)}`;
  return z.array(item, { error }).refine((list) => list.length >= min && list.length <= max, { error });
}

function countsBetween(min: number, max: number): string {
  if (min === max) return `exactly ${counted(min, 'element')}`;
  return max === Number.POSITIVE_INFINITY ? `at least ${counted(min, 'element')}` : `${min} to ${max} elements`;
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
  expected: '30 to 40 ASCII letters or digits',
  min: 30,
  max: 40,
  isValid: (value) => /^[a-zA-Z0-9]+$/.test(value),
});

/** `Md5Hash` and `ApiSpecificationMd5Hash`: sixteen bytes in Base64. */
export const md5Hash = text({
  expected: '24 characters of Base64 that stand for 16 bytes',
  min: 24,
  max: 24,
  isValid: (value) => /^[A-Za-z0-9+/]{22}==$/.test(value),
});

export const bucket = text({ expected: bucketNameRule, min: 3, max: 255, isValid: isBucketName });

/** S3 User Guide, "Naming Amazon S3 objects": a key is at most 1,024 bytes of UTF-8. */
const hasLengthOfKey = (value: string) => Buffer.byteLength(value) <= 1_024;

export const objectKey = text({
  expected: 'an S3 object key of 1 to 1,024 bytes',
  min: 1,
  isValid: hasLengthOfKey,
});

export const keyPrefix = text({
  expected: 'an S3 key prefix of at most 1,024 bytes',
  min: 0,
  isValid: hasLengthOfKey,
});

export const assetName = text({
  expected: '1 to 256 characters without control characters',
  min: 1,
  max: 256,
  isValid: (value) => !/\p{Cc}/u.test(value),
});

export const requiredText = text({ expected: 'at least 1 character', min: 1 });

export const anyText = text({ expected: 'a string', min: 0 });

export const kmsKeyArn = text({ expected: '1 to 2,048 characters', min: 1, max: 2_048 });

export const catalogId = text({
  expected: 'exactly 12 ASCII digits',
  min: 12,
  max: 12,
  isValid: (value) => /^[0-9]+$/.test(value),
});

/** Without the flag `s`, as the model's own pattern: a line break is no part of a role's name. */
export const roleArn = text({
  expected: 'arn:aws:iam::, 12 digits, :role/ and the name of a role',
  min: 1,
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
  min: 1,
  isValid: (pattern) => {
    const names = pattern
      .split('${')
      .slice(1)
      .map((rest) => /^([^}]*)\}/.exec(rest)?.[1] ?? '');
    return names.every((name) => references.has(name)) && names.some((name) => name.startsWith('Asset.'));
  },
});
