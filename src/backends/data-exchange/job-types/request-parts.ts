/** The parts that the requests of several types share: how each is checked, and how it is said in AWS's words. */
import { z } from 'zod';
import type { Maybe, ServerSideEncryptionRequest } from '../../../model/job-request.ts';
import { awsId, kmsKeyArn, oneOf } from '../constraints.ts';

export const checkedRevision = { dataSetId: awsId, revisionId: awsId };

export const checkedEncryption = z
  .object({ type: oneOf('AES256', 'AWS_KMS'), kmsKeyArn: z.union([z.literal(''), kmsKeyArn]).nullish() })
  .refine(({ type, kmsKeyArn }) => type !== 'AWS_KMS' || Boolean(kmsKeyArn), {
    path: ['kmsKeyArn'],
    error: 'expected the ARN of a KMS key, which AWS_KMS needs, received nothing',
  })
  .nullish();

export function encryptionFor({ kmsKeyArn, type }: ServerSideEncryptionRequest) {
  return {
    KmsKeyArn: kmsKeyArn ?? undefined,
    Type: type === 'AWS_KMS' ? ('aws:kms' as const) : type,
  };
}

/** The SDK sends nothing for undefined, and fails on some nulls. */
export function mapped<Given, Made>(value: Maybe<Given>, make: (value: Given) => Made): Made | undefined {
  return value === null || value === undefined ? undefined : make(value);
}

export function mutable(list: Maybe<readonly string[]>): string[] | undefined {
  return mapped(list, (items) => [...items]);
}
