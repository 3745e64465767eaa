/**
 * What CreateJob takes, type by type: the constraints that the service's model and guide lay on its members.
 *
 * A member at fault is named by its path in the request, such as `Details.ImportAssetsFromS3.AssetSources[0].Bucket`.
 */
import { z } from 'zod';
import { pathText } from '../member-path.ts';
import { invalid } from './errors.ts';
import { isKeyPattern } from './key-pattern.ts';
import { withoutNulls } from './request-body.ts';

/** The model's pattern, `[a-zA-Z0-9]{30,40}`, read as binding the whole value. */
export const resourceId = z.string().regex(/^[A-Za-z0-9]{30,40}$/, 'must be 30 to 40 letters or digits');
/** Base64 of the 16 bytes of an MD5 digest. */
const md5Hash = z.string().regex(/^[A-Za-z0-9+/]{22}==$/, 'must be 24 characters of Base64 that end in ==');
const filledText = z.string().min(1, 'must not be empty');
const catalogId = z.string().regex(/^[0-9]{12}$/, 'must be 12 digits');
const roleArn = z.string().regex(/^arn:aws:iam::[0-9]{12}:role\/.+$/, 'must be the ARN of an IAM role');
const keyPattern = z.string().refine(isKeyPattern, 'must use known references, one of them to the asset');

const revision = { DataSetId: resourceId, RevisionId: resourceId };

const encryption = z
  .object({ Type: z.enum(['aws:kms', 'AES256']), KmsKeyArn: z.string().optional() })
  .refine(({ Type, KmsKeyArn }) => Type !== 'aws:kms' || Boolean(KmsKeyArn), {
    path: ['KmsKeyArn'],
    error: 'is required with the type aws:kms',
  });

const importAssetsFromS3 = z.object({
  ...revision,
  AssetSources: z
    .array(z.object({ Bucket: filledText, Key: filledText }))
    .min(1)
    .max(100),
});

const importAssetFromSignedUrl = z.object({ ...revision, AssetName: filledText, Md5Hash: md5Hash });

const exportAssetsToS3 = z.object({
  ...revision,
  AssetDestinations: z
    .array(z.object({ AssetId: resourceId, Bucket: filledText, Key: z.string().optional() }))
    .min(1)
    .max(100),
  Encryption: encryption.optional(),
});

const exportAssetToSignedUrl = z.object({ ...revision, AssetId: resourceId });

const exportRevisionsToS3 = z.object({
  DataSetId: resourceId,
  RevisionDestinations: z
    .array(z.object({ Bucket: filledText, KeyPattern: keyPattern.optional(), RevisionId: resourceId }))
    .length(1),
  Encryption: encryption.optional(),
});

const importAssetsFromRedshiftDataShares = z.object({
  ...revision,
  AssetSources: z.array(z.object({ DataShareArn: filledText })).min(1),
});

const importAssetFromApiGatewayApi = z.object({
  ...revision,
  ApiId: filledText,
  ApiName: filledText,
  ApiSpecificationMd5Hash: md5Hash,
  ProtocolType: z.enum(['REST']),
  Stage: filledText,
  ApiDescription: z.string().optional(),
  ApiKey: z.string().optional(),
});

const kmsKey = z.object({ KmsKeyArn: z.string().min(1).max(2048) });

const createS3DataAccessFromS3Bucket = z.object({
  ...revision,
  AssetSource: z.object({
    Bucket: filledText,
    KeyPrefixes: z.array(z.string()).optional(),
    Keys: z.array(z.string()).optional(),
    KmsKeysToGrant: z.array(kmsKey).min(1).max(10).optional(),
  }),
});

const tagExpression = z.array(z.object({ TagKey: filledText, TagValues: z.array(z.string()).min(1) })).min(1);

const importAssetsFromLakeFormationTagPolicy = z.object({
  ...revision,
  CatalogId: catalogId,
  RoleArn: roleArn,
  Database: z.object({ Expression: tagExpression, Permissions: z.array(z.enum(['DESCRIBE'])).min(1) }).optional(),
  Table: z
    .object({ Expression: tagExpression, Permissions: z.array(z.enum(['DESCRIBE', 'SELECT'])).min(1) })
    .optional(),
});

const jobRequest = z.discriminatedUnion('type', [
  z.object({ type: z.literal('IMPORT_ASSETS_FROM_S3'), details: importAssetsFromS3 }),
  z.object({ type: z.literal('IMPORT_ASSET_FROM_SIGNED_URL'), details: importAssetFromSignedUrl }),
  z.object({ type: z.literal('EXPORT_ASSETS_TO_S3'), details: exportAssetsToS3 }),
  z.object({ type: z.literal('EXPORT_ASSET_TO_SIGNED_URL'), details: exportAssetToSignedUrl }),
  z.object({ type: z.literal('EXPORT_REVISIONS_TO_S3'), details: exportRevisionsToS3 }),
  z.object({
    type: z.literal('IMPORT_ASSETS_FROM_REDSHIFT_DATA_SHARES'),
    details: importAssetsFromRedshiftDataShares,
  }),
  z.object({ type: z.literal('IMPORT_ASSET_FROM_API_GATEWAY_API'), details: importAssetFromApiGatewayApi }),
  z.object({
    type: z.literal('CREATE_S3_DATA_ACCESS_FROM_S3_BUCKET'),
    details: createS3DataAccessFromS3Bucket,
  }),
  z.object({
    type: z.literal('IMPORT_ASSETS_FROM_LAKE_FORMATION_TAG_POLICY'),
    details: importAssetsFromLakeFormationTagPolicy,
  }),
]);

export type JobRequest = z.infer<typeof jobRequest>;
export type JobType = JobRequest['type'];

/** The member of `Details` that belongs to each type. */
export const detailsMembers: Readonly<Record<JobType, string>> = {
  IMPORT_ASSETS_FROM_S3: 'ImportAssetsFromS3',
  IMPORT_ASSET_FROM_SIGNED_URL: 'ImportAssetFromSignedUrl',
  EXPORT_ASSETS_TO_S3: 'ExportAssetsToS3',
  EXPORT_ASSET_TO_SIGNED_URL: 'ExportAssetToSignedUrl',
  EXPORT_REVISIONS_TO_S3: 'ExportRevisionsToS3',
  IMPORT_ASSETS_FROM_REDSHIFT_DATA_SHARES: 'ImportAssetsFromRedshiftDataShares',
  IMPORT_ASSET_FROM_API_GATEWAY_API: 'ImportAssetFromApiGatewayApi',
  CREATE_S3_DATA_ACCESS_FROM_S3_BUCKET: 'CreateS3DataAccessFromS3Bucket',
  IMPORT_ASSETS_FROM_LAKE_FORMATION_TAG_POLICY: 'ImportAssetsFromLakeFormationTagPolicy',
};

const allMembers = new Set(Object.values(detailsMembers));

const envelope = z.object({
  Type: z.enum(jobRequest.options.map((option) => option.shape.type.value)),
  Details: z.record(z.string(), z.unknown()),
});

/** Throws `ValidationException`. Unknown members are ignored, and so are nulls, save those in lists. */
export function jobRequestFrom(body: unknown): JobRequest {
  const outer = envelope.safeParse(withoutNulls(body ?? {}));
  if (!outer.success) throw invalidAt([], outer.error);
  const { Type: type, Details } = outer.data;
  const member = detailsMembers[type];
  const members = Object.keys(Details).filter((name) => allMembers.has(name));
  if (members.length !== 1 || members[0] !== member) throw invalid(`Details must have the one member ${member}.`);
  const inner = jobRequest.safeParse({ type, details: Details[member] });
  if (!inner.success) throw invalidAt(['Details', member], inner.error);
  return inner.data;
}

/** Reports the first fault. A path inside the details begins, in our form, with `details`. */
function invalidAt(prefix: readonly string[], error: z.ZodError): Error {
  const issue = error.issues[0];
  const path = issue?.path ?? [];
  return invalid(`${pathText([...prefix, ...(prefix.length > 0 ? path.slice(1) : path)])}: ${issue?.message}`);
}
