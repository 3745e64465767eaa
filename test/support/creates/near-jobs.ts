/** A request of each Data Exchange job type, and requests that differ from it in one member. */
import type { DataExchangeJobRequest } from '../../../src/model/data-exchange-request.ts';
import { dataExchangeDetails as examples, md5OfHello } from '../examples.ts';

export interface NearJob {
  readonly details: DataExchangeJobRequest;
  /** Whether a reply may leave out the member that differs. */
  readonly isOptional: boolean;
}

export interface Family {
  readonly type: string;
  readonly request: DataExchangeJobRequest;
  readonly near: readonly NearJob[];
}

const access = examples.CREATE_S3_DATA_ACCESS_FROM_S3_BUCKET.createS3DataAccessFromS3Bucket;
const assets = examples.EXPORT_ASSETS_TO_S3.exportAssetsToS3;
const revisions = examples.EXPORT_REVISIONS_TO_S3.exportRevisionsToS3;
const policy = examples.IMPORT_ASSETS_FROM_LAKE_FORMATION_TAG_POLICY.importAssetsFromLakeFormationTagPolicy;
const shares = examples.IMPORT_ASSETS_FROM_REDSHIFT_DATA_SHARES.importAssetsFromRedshiftDataShares;
const objects = examples.IMPORT_ASSETS_FROM_S3.importAssetsFromS3;
const api = examples.IMPORT_ASSET_FROM_API_GATEWAY_API.importAssetFromApiGatewayApi;
const file = examples.IMPORT_ASSET_FROM_SIGNED_URL.importAssetFromSignedUrl;

function optional(details: DataExchangeJobRequest): NearJob {
  return { details, isOptional: true };
}

function required(details: DataExchangeJobRequest): NearJob {
  return { details, isOptional: false };
}

/** The near requests of each type. */
const nearByType: Readonly<Record<keyof typeof examples, readonly NearJob[]>> = {
  CREATE_S3_DATA_ACCESS_FROM_S3_BUCKET: [
    optional({ createS3DataAccessFromS3Bucket: { ...access, keyPrefixes: ['rates/'] } }),
  ],
  EXPORT_ASSETS_TO_S3: [
    optional({
      exportAssetsToS3: { ...assets, destinations: assets.destinations.map((each) => ({ ...each, key: 'other' })) },
    }),
  ],
  EXPORT_ASSET_TO_SIGNED_URL: [],
  EXPORT_REVISIONS_TO_S3: [
    optional({
      exportRevisionsToS3: {
        ...revisions,
        destinations: revisions.destinations.map((each) => ({ ...each, keyPattern: `\${Asset.Id}` })),
      },
    }),
  ],
  IMPORT_ASSETS_FROM_LAKE_FORMATION_TAG_POLICY: [
    optional({
      importAssetsFromLakeFormationTagPolicy: { ...policy, table: { ...policy.table, permissions: ['DESCRIBE'] } },
    }),
    required({ importAssetsFromLakeFormationTagPolicy: { ...policy, catalogId: '210987654321' } }),
  ],
  IMPORT_ASSETS_FROM_REDSHIFT_DATA_SHARES: [
    required({
      importAssetsFromRedshiftDataShares: { ...shares, dataShareArns: shares.dataShareArns.map((arn) => `${arn}2`) },
    }),
  ],
  IMPORT_ASSETS_FROM_S3: [
    required({
      importAssetsFromS3: {
        ...objects,
        sources: objects.sources.map((each) => ({ ...each, key: 'prices/2024/02.csv' })),
      },
    }),
  ],
  IMPORT_ASSET_FROM_API_GATEWAY_API: [
    optional({ importAssetFromApiGatewayApi: { ...api, apiDescription: 'Another' } }),
    required({ importAssetFromApiGatewayApi: { ...api, stage: 'test' } }),
  ],
  IMPORT_ASSET_FROM_SIGNED_URL: [
    optional({ importAssetFromSignedUrl: { ...file, md5Hash: `A${md5OfHello.slice(1)}` } }),
    required({ importAssetFromSignedUrl: { ...file, assetName: 'other.txt' } }),
  ],
};

export const families: readonly Family[] = Object.entries(nearByType).map(([type, near]) => {
  const request: DataExchangeJobRequest | undefined = Object.entries(examples).find(([name]) => name === type)?.[1];
  if (request === undefined) throw new Error(`expected an example of ${type}`);
  return { type, request, near };
});
