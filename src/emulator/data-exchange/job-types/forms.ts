/** Schemas of members that several types share. */
import { z } from 'zod';

/** The model's pattern, `[a-zA-Z0-9]{30,40}`, applied to the whole value. */
export const resourceId = z.string().regex(/^[A-Za-z0-9]{30,40}$/, 'must be 30 to 40 letters or digits');
/** Base64 of the 16 bytes of an MD5 digest. */
export const md5Hash = z.string().regex(/^[A-Za-z0-9+/]{22}==$/, 'must be 24 characters of Base64 that end in ==');
export const filledText = z.string().min(1, 'must not be empty');

export const revision = { DataSetId: resourceId, RevisionId: resourceId };

export const encryption = z
  .object({ Type: z.enum(['aws:kms', 'AES256']), KmsKeyArn: z.string().optional() })
  .refine(({ Type, KmsKeyArn }) => Type !== 'aws:kms' || Boolean(KmsKeyArn), {
    path: ['KmsKeyArn'],
    error: 'is required with the type aws:kms',
  });

/** The beginning of the names of all concurrency limits. */
export const concurrentJobsTo = 'Concurrent in progress jobs to';
