/** The encryption of exports to S3: its check, its conversion to and from AWS's form, and its comparison. */
import { z } from 'zod';
import type {
  ServerSideEncryption,
  ServerSideEncryptionRequest,
} from '../../../model/data-exchange-job-types/parts.ts';
import { type Check, maybe, object, oneOf } from '../../input/checks.ts';
import { indivisible } from '../../partial-read.ts';
import { kmsKeyArn } from '../constraints.ts';
import { orNull } from '../wire-shapes.ts';
import { completed } from './work-members.ts';

/** Tools fill an optional text with "", also within another object. */
const maybeKmsKeyArn: Check = (value, path, findings) => {
  if (value !== '') maybe(kmsKeyArn)(value, path, findings);
};

const keyOfKms: Check = (value, path, findings) => {
  const { type, kmsKeyArn: arn } = value as Partial<ServerSideEncryptionRequest>;
  if (type !== 'AWS_KMS' || arn) return;
  const says = 'must be given, since the type of the encryption is AWS_KMS';
  findings.add([...path, 'kmsKeyArn'], { code: 'REQUIRED', says });
};

export const checkedEncryption = maybe(
  object({ type: oneOf('AES256', 'AWS_KMS'), kmsKeyArn: maybeKmsKeyArn }, keyOfKms),
);

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
