/** The shapes that several answers of the service share, each read into ours. */
import { z } from 'zod';
import type {
  LakeFormationTagPolicy,
  S3DataAccessSource,
  ServerSideEncryption,
} from '../../model/data-exchange-job.ts';
import { indivisible } from '../partial-read.ts';

/** In seconds since the epoch. */
const lastInstant = 253_402_300_799;

/**
 * An instant in each form that the API's documents show: ISO 8601 with `Z` or an offset, and seconds since the epoch, which
 * older pages print as `number`. What ISO 8601 has no four digits for is no instant.
 */
export const instant = z
  .union([
    z.iso.datetime({ offset: true }).transform((text) => new Date(text)),
    z
      .number()
      .min(0)
      .max(lastInstant)
      .transform((seconds) => new Date(seconds * 1_000)),
  ])
  .refine((date) => date.getUTCFullYear() >= 0 && date.getUTCFullYear() <= 9_999);

/** What `schema` reads, or null where it is missing. */
export function orNull<Schema extends z.ZodType>(schema: Schema) {
  return schema.nullish().transform((given) => given ?? null);
}

export const text = orNull(z.string());

export const revision = { DataSetId: text, RevisionId: text };

export const s3Object = z
  .object({ Bucket: z.string(), Key: z.string() })
  .transform(({ Bucket, Key }) => ({ bucket: Bucket, key: Key }));

/** Without a key the asset's name is one. */
export const assetDestination = indivisible(
  z
    .object({ AssetId: z.string(), Bucket: z.string(), Key: z.string().nullish() })
    .transform(({ AssetId, Bucket, Key }) => ({ assetId: AssetId, bucket: Bucket, key: Key ?? null })),
);

/** Without a pattern the assets' names are keys. */
export const revisionDestination = indivisible(
  z
    .object({ RevisionId: z.string(), Bucket: z.string(), KeyPattern: z.string().nullish() })
    .transform(({ RevisionId, Bucket, KeyPattern }) => ({
      revisionId: RevisionId,
      bucket: Bucket,
      keyPattern: KeyPattern ?? null,
    })),
);

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

/** With neither prefixes nor keys it is the whole bucket. */
export const s3DataAccessSource = indivisible(
  z
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
    ),
);

export const tagPolicy = orNull(
  indivisible(
    z
      .object({
        Expression: z.array(z.object({ TagKey: z.string(), TagValues: z.array(z.string()) })),
        Permissions: z.array(z.string()),
      })
      .transform(
        ({ Expression, Permissions }): LakeFormationTagPolicy => ({
          expression: Expression.map(({ TagKey, TagValues }) => ({ key: TagKey, values: TagValues })),
          permissions: Permissions,
        }),
      ),
  ),
);
