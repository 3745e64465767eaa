/** The encryption of exports to S3: its check, its conversion to and from AWS's form, and its comparison. */
import { z } from 'zod';
import type {
  ServerSideEncryption,
  ServerSideEncryptionRequest,
} from '../../../model/data-exchange-job-types/parts.ts';
import { indivisible } from '../../partial-read.ts';
import { kmsKeyArn, oneOf } from '../constraints.ts';
import { orNull } from '../wire-shapes.ts';
import { completed } from './work-members.ts';

export const checkedEncryption = z
  .object({ type: oneOf('AES256', 'AWS_KMS'), kmsKeyArn: z.union([z.literal(''), kmsKeyArn]).nullish() })
  .refine(({ type, kmsKeyArn }) => type !== 'AWS_KMS' || Boolean(kmsKeyArn), {
    path: ['kmsKeyArn'],
    error: 'expected the ARN of a KMS key, which AWS_KMS needs, received nothing',
  })
  .nullish();

export function awsEncryptionFrom({ kmsKeyArn, type }: ServerSideEncryptionRequest) {
  return {
    KmsKeyArn: kmsKeyArn ?? undefined,
    Type: type === 'AWS_KMS' ? ('aws:kms' as const) : type,
  };
}

export const encryption = orNull(
  indivisible(
    z.object({ Type: z.enum(['AES256', 'aws:kms']), KmsKeyArn: z.string().nullish() }).transform(
      ({ Type, KmsKeyArn }): ServerSideEncryption => ({
        type: Type === 'aws:kms' ? 'AWS_KMS' : 'AES256',
        kmsKeyArn: KmsKeyArn ?? null,
      }),
    ),
  ),
);

/** Each bucket has a default in S3, which a reply may show. */
export const completedEncryption = { ...completed, parts: { type: completed, kmsKeyArn: completed } } as const;
