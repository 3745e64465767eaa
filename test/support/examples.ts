/** Inputs that the emulator accepts, for tests that need any job. */
import { demo } from '../../src/emulator/demo.ts';
import type { KnownJobType } from '../../src/model/data-exchange-job.ts';
import type { DataExchangeJobRequest } from '../../src/model/data-exchange-request.ts';

/** `ids` are those of the service: of a revision also its data set's, of an asset also its revision's. */
export function globalId(
  type: 'Asset' | 'DataExchangeJob' | 'DataSet' | 'ImportExportJob' | 'Revision',
  ...ids: readonly string[]
): string {
  return Buffer.from([type, ...ids].join(':')).toString('base64url');
}

const revision = { dataSetId: demo.dataSetId, revisionId: demo.revisionId };

/** MD5 of `hello`, as Base64. */
export const md5OfHello = 'XUFAKrxLKna5cZ2REBfFkg==';

/** One input of each type of Data Exchange job. */
export const dataExchangeDetails = {
  CREATE_S3_DATA_ACCESS_FROM_S3_BUCKET: {
    createS3DataAccessFromS3Bucket: { ...revision, bucket: demo.bucket, keyPrefixes: ['prices/'] },
  },
  EXPORT_ASSETS_TO_S3: {
    exportAssetsToS3: {
      ...revision,
      destinations: [{ assetId: demo.assetId, bucket: demo.exportBucket, key: 'out/01.csv' }],
      encryption: { type: 'AES256' },
    },
  },
  EXPORT_ASSET_TO_SIGNED_URL: { exportAssetToSignedUrl: { ...revision, assetId: demo.assetId } },
  EXPORT_REVISIONS_TO_S3: {
    exportRevisionsToS3: {
      dataSetId: demo.dataSetId,
      destinations: [
        { revisionId: demo.revisionId, bucket: demo.exportBucket, keyPattern: `\${Revision.Id}/\${Asset.Name}` },
      ],
    },
  },
  IMPORT_ASSETS_FROM_LAKE_FORMATION_TAG_POLICY: {
    importAssetsFromLakeFormationTagPolicy: {
      ...revision,
      catalogId: '123456789012',
      roleArn: 'arn:aws:iam::123456789012:role/sharing',
      table: { expression: [{ key: 'sensitivity', values: ['low'] }], permissions: ['SELECT'] },
    },
  },
  IMPORT_ASSETS_FROM_REDSHIFT_DATA_SHARES: {
    importAssetsFromRedshiftDataShares: {
      ...revision,
      dataShareArns: ['arn:aws:redshift:us-east-1:123456789012:datashare:0c0d7f8e-0000-4000-8000-000000000001/prices'],
    },
  },
  IMPORT_ASSETS_FROM_S3: {
    importAssetsFromS3: { ...revision, sources: [{ bucket: demo.bucket, key: 'prices/2024/03.csv' }] },
  },
  IMPORT_ASSET_FROM_API_GATEWAY_API: {
    importAssetFromApiGatewayApi: {
      ...revision,
      apiId: 'a1b2c3',
      apiName: 'Prices',
      stage: 'prod',
      specificationMd5Hash: md5OfHello,
    },
  },
  IMPORT_ASSET_FROM_SIGNED_URL: {
    importAssetFromSignedUrl: { ...revision, assetName: 'hello.txt', md5Hash: md5OfHello },
  },
} as const satisfies Readonly<Record<KnownJobType, DataExchangeJobRequest>>;

export const returnAddress = {
  name: 'Jane Roe',
  street1: '123 Any Street',
  city: 'Anytown',
  stateOrProvince: 'WA',
  postalCode: '91011-1111',
  phoneNumber: '206-555-1111',
  country: 'USA',
};

/** One manifest of each kind. */
export const manifests = {
  exportFromS3: {
    exportFromS3: {
      deviceId: 'DISK-0001',
      fileSystem: 'EXT4',
      operations: [{ exportBucket: demo.exportBucket, prefix: 'out/' }],
      returnAddress,
      logBucket: demo.logBucket,
      encryption: { pinCode: '4711' },
    },
  },
  importToGlacier: {
    importToGlacier: {
      deviceId: 'DISK-0001',
      region: 'us-east-1',
      vaultName: 'archive',
      archiveComment: 'The year 2024',
      returnAddress,
      logBucket: demo.logBucket,
    },
  },
  importToS3: { importToS3: { deviceId: 'DISK-0001', bucket: demo.bucket, returnAddress } },
} as const;
