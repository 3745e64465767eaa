/** The shapes that several answers of the service share, each read into ours. */
import { z } from 'zod';
import type { LakeFormationTagPolicy, S3DataAccessSource, ServerSideEncryption } from '../../job.ts';

/** An instant as every answer of the API writes it: ISO 8601 with `Z` or an offset. */
export const instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

export const revision = { DataSetId: z.string(), RevisionId: z.string() };

export const s3Object = z
  .object({ Bucket: z.string(), Key: z.string() })
  .transform(({ Bucket, Key }) => ({ bucket: Bucket, key: Key }));

export const assetDestination = z
  .object({ AssetId: z.string(), Bucket: z.string(), Key: z.string().nullish() })
  .transform(({ AssetId, Bucket, Key }) => ({ assetId: AssetId, bucket: Bucket, key: Key ?? null }));

export const revisionDestination = z
  .object({ RevisionId: z.string(), Bucket: z.string(), KeyPattern: z.string().nullish() })
  .transform(({ RevisionId, Bucket, KeyPattern }) => ({
    revisionId: RevisionId,
    bucket: Bucket,
    keyPattern: KeyPattern ?? null,
  }));

export const encryption = z
  .object({ Type: z.enum(['AES256', 'aws:kms']), KmsKeyArn: z.string().nullish() })
  .transform(
    ({ Type, KmsKeyArn }): ServerSideEncryption => ({
      type: Type === 'aws:kms' ? 'AWS_KMS' : 'AES256',
      kmsKeyArn: KmsKeyArn ?? null,
    }),
  )
  .nullish()
  .transform((given) => given ?? null);

export const s3DataAccessSource = z
  .object({
    Bucket: z.string(),
    KeyPrefixes: z.array(z.string()).nullish(),
    Keys: z.array(z.string()).nullish(),
    KmsKeysToGrant: z.array(z.object({ KmsKeyArn: z.string() })).nullish(),
  })
  .transform(
    (given): S3DataAccessSource => ({
      bucket: given.Bucket,
      keyPrefixes: given.KeyPrefixes ?? [],
      keys: given.Keys ?? [],
      kmsKeyArns: given.KmsKeysToGrant?.map((grant) => grant.KmsKeyArn) ?? [],
    }),
  );

export const tagPolicy = z
  .object({
    Expression: z.array(z.object({ TagKey: z.string(), TagValues: z.array(z.string()) })),
    Permissions: z.array(z.string()),
  })
  .transform(
    ({ Expression, Permissions }): LakeFormationTagPolicy => ({
      expression: Expression.map(({ TagKey, TagValues }) => ({ key: TagKey, values: TagValues })),
      permissions: Permissions,
    }),
  )
  .nullish()
  .transform((given) => given ?? null);
