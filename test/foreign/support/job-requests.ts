/** One request of each of the nine Data Exchange job types, for AWS's client. */
import { createHash } from 'node:crypto';
import type { CreateJobCommandInput, RequestDetails, Type } from '@aws-sdk/client-dataexchange';
import { demo } from '../../../src/emulator/demo.ts';

const revision = { DataSetId: demo.dataSetId, RevisionId: demo.revisionId };

/** Every byte value, so that the content is no valid text. */
export const file = Uint8Array.from({ length: 256 }, (_, value) => value);

/** Base64 of the MD5 digest. */
export function md5(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('base64');
}

const details = {
  CREATE_S3_DATA_ACCESS_FROM_S3_BUCKET: {
    CreateS3DataAccessFromS3Bucket: {
      ...revision,
      AssetSource: { Bucket: demo.bucket, KeyPrefixes: ['prices/'], Keys: ['a & b <c>.csv'] },
    },
  },
  EXPORT_ASSETS_TO_S3: {
    ExportAssetsToS3: {
      ...revision,
      AssetDestinations: [{ AssetId: demo.assetId, Bucket: demo.exportBucket, Key: 'out/Zürich 東京.csv' }],
      Encryption: { Type: 'aws:kms', KmsKeyArn: 'arn:aws:kms:us-east-1:123456789012:key/one' },
    },
  },
  EXPORT_ASSET_TO_SIGNED_URL: { ExportAssetToSignedUrl: { ...revision, AssetId: demo.assetId } },
  EXPORT_REVISIONS_TO_S3: {
    ExportRevisionsToS3: {
      DataSetId: demo.dataSetId,
      RevisionDestinations: [
        { RevisionId: demo.revisionId, Bucket: demo.exportBucket, KeyPattern: `\${Revision.Id}/\${Asset.Name}` },
      ],
    },
  },
  IMPORT_ASSETS_FROM_LAKE_FORMATION_TAG_POLICY: {
    ImportAssetsFromLakeFormationTagPolicy: {
      ...revision,
      CatalogId: '123456789012',
      RoleArn: 'arn:aws:iam::123456789012:role/sharing',
      Table: { Expression: [{ TagKey: 'sensitivity', TagValues: ['low'] }], Permissions: ['SELECT'] },
    },
  },
  IMPORT_ASSETS_FROM_REDSHIFT_DATA_SHARES: {
    ImportAssetsFromRedshiftDataShares: {
      ...revision,
      AssetSources: [{ DataShareArn: 'arn:aws:redshift:us-east-1:123456789012:datashare:0c0d7f8e/prices' }],
    },
  },
  IMPORT_ASSETS_FROM_S3: {
    ImportAssetsFromS3: { ...revision, AssetSources: [{ Bucket: demo.bucket, Key: 'prices/2024/03.csv' }] },
  },
  IMPORT_ASSET_FROM_API_GATEWAY_API: {
    ImportAssetFromApiGatewayApi: {
      ...revision,
      ApiId: 'a1b2c3',
      ApiName: 'Prices',
      ApiSpecificationMd5Hash: md5(file),
      ProtocolType: 'REST',
      Stage: 'prod',
    },
  },
  IMPORT_ASSET_FROM_SIGNED_URL: {
    ImportAssetFromSignedUrl: { ...revision, AssetName: 'all-bytes.bin', Md5Hash: md5(file) },
  },
} satisfies Record<Type, RequestDetails>;

export const jobTypes = Object.keys(details) as readonly Type[];

export function jobRequest(type: Type): CreateJobCommandInput {
  return { Type: type, Details: details[type] };
}

/** An import from S3 from any bucket; some names cause faults. */
export function importFrom(bucket: string, key = 'new.csv'): CreateJobCommandInput {
  const AssetSources = [{ Bucket: bucket, Key: key }];
  return { Type: 'IMPORT_ASSETS_FROM_S3', Details: { ImportAssetsFromS3: { ...revision, AssetSources } } };
}
