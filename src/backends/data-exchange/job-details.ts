/** What the service says a job does, in our names: one reader a job type, each checking what it reads. */
import { z } from 'zod';
import type { DataExchangeJobDetails, DataExchangeJobType } from '../../model/job.ts';
import { type PartialRead, readPartly } from '../partial-read.ts';
import type { SignedUrlReader } from './signed-url.ts';
import {
  assetDestination,
  encryption,
  instant,
  orNull,
  revision,
  revisionDestination,
  s3DataAccessSource,
  s3Object,
  tagPolicy,
  text,
} from './wire-shapes.ts';

export interface DetailsContext {
  readonly awsJobId: string;
  /** Null leaves signed URLs unread, as in a list. */
  readonly readSignedUrl: SignedUrlReader | null;
}

type DetailsReader = (details: unknown, context: DetailsContext) => PartialRead<DataExchangeJobDetails | null>;

/**
 * Reads `details`, an answer's `Details`, as those of a job of `type`. Members as the API reference lists them under
 * `ResponseDetails`; null for those that are missing or cannot be read, and in place of details that are.
 */
export function jobDetailsFrom(
  type: KnownJobType,
  details: unknown,
  context: DetailsContext,
): PartialRead<DataExchangeJobDetails | null> {
  return readers[type](details, context);
}

export type KnownJobType = Exclude<DataExchangeJobType, 'UNKNOWN'>;

export function isKnownJobType(type: string): type is KnownJobType {
  return Object.hasOwn(readers, type);
}

const readers: Readonly<Record<KnownJobType, DetailsReader>> = {
  CREATE_S3_DATA_ACCESS_FROM_S3_BUCKET: reader(
    'CreateS3DataAccessFromS3Bucket',
    { ...revision, AssetSource: orNull(s3DataAccessSource) },
    (given, { awsJobId }) => ({
      type: 'CREATE_S3_DATA_ACCESS_FROM_S3_BUCKET',
      awsJobId,
      dataSetId: given.DataSetId,
      revisionId: given.RevisionId,
      source: given.AssetSource,
    }),
  ),

  EXPORT_ASSETS_TO_S3: reader(
    'ExportAssetsToS3',
    { ...revision, AssetDestinations: orNull(z.array(assetDestination.nullable())), Encryption: encryption },
    (given, { awsJobId }) => ({
      type: 'EXPORT_ASSETS_TO_S3',
      awsJobId,
      dataSetId: given.DataSetId,
      revisionId: given.RevisionId,
      destinations: given.AssetDestinations,
      encryption: given.Encryption,
    }),
  ),

  EXPORT_ASSET_TO_SIGNED_URL: reader(
    'ExportAssetToSignedUrl',
    {
      ...revision,
      AssetId: text,
      SignedUrl: text,
      SignedUrlExpiresAt: instant.nullish(),
    },
    (given, { awsJobId, readSignedUrl }) => ({
      type: 'EXPORT_ASSET_TO_SIGNED_URL',
      awsJobId,
      dataSetId: given.DataSetId,
      revisionId: given.RevisionId,
      assetId: given.AssetId,
      ...(readSignedUrl && { signedUrl: readSignedUrl(given.SignedUrl, given.SignedUrlExpiresAt) }),
    }),
  ),

  EXPORT_REVISIONS_TO_S3: reader(
    'ExportRevisionsToS3',
    {
      DataSetId: text,
      RevisionDestinations: orNull(z.array(revisionDestination.nullable())),
      Encryption: encryption,
      EventActionArn: text,
    },
    (given, { awsJobId }) => ({
      type: 'EXPORT_REVISIONS_TO_S3',
      awsJobId,
      dataSetId: given.DataSetId,
      destinations: given.RevisionDestinations,
      encryption: given.Encryption,
      eventActionArn: given.EventActionArn,
    }),
  ),

  IMPORT_ASSETS_FROM_LAKE_FORMATION_TAG_POLICY: reader(
    'ImportAssetsFromLakeFormationTagPolicy',
    { ...revision, CatalogId: text, RoleArn: text, Database: tagPolicy, Table: tagPolicy },
    (given, { awsJobId }) => ({
      type: 'IMPORT_ASSETS_FROM_LAKE_FORMATION_TAG_POLICY',
      awsJobId,
      dataSetId: given.DataSetId,
      revisionId: given.RevisionId,
      catalogId: given.CatalogId,
      roleArn: given.RoleArn,
      database: given.Database,
      table: given.Table,
    }),
  ),

  IMPORT_ASSETS_FROM_REDSHIFT_DATA_SHARES: reader(
    'ImportAssetsFromRedshiftDataShares',
    { ...revision, AssetSources: orNull(z.array(z.object({ DataShareArn: text }).nullable())) },
    (given, { awsJobId }) => ({
      type: 'IMPORT_ASSETS_FROM_REDSHIFT_DATA_SHARES',
      awsJobId,
      dataSetId: given.DataSetId,
      revisionId: given.RevisionId,
      dataShareArns: given.AssetSources?.map((source) => source?.DataShareArn ?? null) ?? null,
    }),
  ),

  IMPORT_ASSETS_FROM_S3: reader(
    'ImportAssetsFromS3',
    { ...revision, AssetSources: orNull(z.array(s3Object.nullable())) },
    (given, { awsJobId }) => ({
      type: 'IMPORT_ASSETS_FROM_S3',
      awsJobId,
      dataSetId: given.DataSetId,
      revisionId: given.RevisionId,
      sources: given.AssetSources,
    }),
  ),

  IMPORT_ASSET_FROM_API_GATEWAY_API: reader(
    'ImportAssetFromApiGatewayApi',
    {
      ...revision,
      ApiDescription: text,
      ApiId: text,
      ApiName: text,
      ApiSpecificationMd5Hash: text,
      ApiSpecificationUploadUrl: text,
      ApiSpecificationUploadUrlExpiresAt: instant.nullish(),
      ProtocolType: text,
      Stage: text,
    },
    (given, { awsJobId, readSignedUrl }) => ({
      type: 'IMPORT_ASSET_FROM_API_GATEWAY_API',
      awsJobId,
      dataSetId: given.DataSetId,
      revisionId: given.RevisionId,
      api: {
        id: given.ApiId,
        name: given.ApiName,
        description: given.ApiDescription,
        stage: given.Stage,
        protocol: given.ProtocolType,
      },
      specificationMd5Hash: given.ApiSpecificationMd5Hash,
      ...(readSignedUrl && {
        signedUrl: readSignedUrl(given.ApiSpecificationUploadUrl, given.ApiSpecificationUploadUrlExpiresAt),
      }),
    }),
  ),

  IMPORT_ASSET_FROM_SIGNED_URL: reader(
    'ImportAssetFromSignedUrl',
    {
      ...revision,
      AssetName: text,
      Md5Hash: text,
      SignedUrl: text,
      SignedUrlExpiresAt: instant.nullish(),
    },
    (given, { awsJobId, readSignedUrl }) => ({
      type: 'IMPORT_ASSET_FROM_SIGNED_URL',
      awsJobId,
      dataSetId: given.DataSetId,
      revisionId: given.RevisionId,
      assetName: given.AssetName,
      md5Hash: given.Md5Hash,
      ...(readSignedUrl && { signedUrl: readSignedUrl(given.SignedUrl, given.SignedUrlExpiresAt) }),
    }),
  ),
};

/** A reader of the one `member` of `Details` that belongs to a type. */
function reader<Shape extends z.ZodRawShape>(
  member: string,
  shape: Shape,
  detailsFrom: (given: z.output<z.ZodObject<Shape>>, context: DetailsContext) => DataExchangeJobDetails,
): DetailsReader {
  const given = z.object(shape);
  const envelope = z.object({ Details: z.object({ [member]: given.nullish() }).nullish() });
  return (details, context) => {
    const { value, emptied } = readPartly(envelope, { Details: details });
    const found = value.Details?.[member];
    return { value: found ? detailsFrom(found, context) : null, emptied };
  };
}
