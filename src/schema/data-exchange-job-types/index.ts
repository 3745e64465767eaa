/** Assembles the types of Data Exchange jobs: their names, the input of a create, and the details of a job. */
import type { KnownJobType } from '../../model/data-exchange-job.ts';
import { builder } from '../builder.ts';
import { reading } from '../rights.ts';
import { apiGatewayApi } from './api-gateway-api.ts';
import { DataExchangeJobDetails } from './details.ts';
import { exportAssetToSignedUrl } from './export-asset-to-signed-url.ts';
import { exportAssetsToS3 } from './export-assets-to-s3.ts';
import { exportRevisionsToS3 } from './export-revisions-to-s3.ts';
import { importAssetFromSignedUrl } from './import-asset-from-signed-url.ts';
import { importAssetsFromS3 } from './import-assets-from-s3.ts';
import { lakeFormationTagPolicy } from './lake-formation-tag-policy.ts';
import { dataSetLink } from './links.ts';
import { redshiftDataShares } from './redshift-data-shares.ts';
import { s3DataAccess } from './s3-data-access.ts';

interface JobType {
  readonly value: { readonly description: string };
  readonly details: { readonly name: string };
}

const jobTypes: Readonly<Record<KnownJobType, JobType>> = {
  CREATE_S3_DATA_ACCESS_FROM_S3_BUCKET: s3DataAccess,
  EXPORT_ASSETS_TO_S3: exportAssetsToS3,
  EXPORT_ASSET_TO_SIGNED_URL: exportAssetToSignedUrl,
  EXPORT_REVISIONS_TO_S3: exportRevisionsToS3,
  IMPORT_ASSETS_FROM_LAKE_FORMATION_TAG_POLICY: lakeFormationTagPolicy,
  IMPORT_ASSETS_FROM_REDSHIFT_DATA_SHARES: redshiftDataShares,
  IMPORT_ASSETS_FROM_S3: importAssetsFromS3,
  IMPORT_ASSET_FROM_API_GATEWAY_API: apiGatewayApi,
  IMPORT_ASSET_FROM_SIGNED_URL: importAssetFromSignedUrl,
};

const values = Object.fromEntries(Object.entries(jobTypes).map(([name, { value }]) => [name, value]));

export const DataExchangeJobType = builder.enumType('DataExchangeJobType', {
  description: 'What an AWS Data Exchange job does.',
  values: {
    ...(values as Record<KnownJobType, JobType['value']>),
    UNKNOWN: { description: 'A type newer than this gateway: see `typeCode`.' },
  },
});

export const DataExchangeJobDetailsInput = builder.inputType('DataExchangeJobDetailsInput', {
  description: 'What the job is to do. Exactly one field is set.',
  isOneOf: true,
  fields: (t) => ({
    createS3DataAccessFromS3Bucket: t.field(s3DataAccess.input),
    exportAssetToSignedUrl: t.field(exportAssetToSignedUrl.input),
    exportAssetsToS3: t.field(exportAssetsToS3.input),
    exportRevisionsToS3: t.field(exportRevisionsToS3.input),
    importAssetFromApiGatewayApi: t.field(apiGatewayApi.input),
    importAssetFromSignedUrl: t.field(importAssetFromSignedUrl.input),
    importAssetsFromLakeFormationTagPolicy: t.field(lakeFormationTagPolicy.input),
    importAssetsFromRedshiftDataShares: t.field(redshiftDataShares.input),
    importAssetsFromS3: t.field(importAssetsFromS3.input),
  }),
});

DataExchangeJobDetails.implement({
  extensions: reading,
  description:
    'What an AWS Data Exchange job was asked to do. Each type of job has a type of its own. What the service answered in a form that cannot be read counts as left out.\n\nThe data sets, revisions and assets that the details of jobs lead to are read together, those of all jobs of an operation: up to five data sets by one read each, more by pages of their list, 200 a page, as long as a page saves calls. The same holds for the revisions of one data set and the assets of one revision, from the third on. So the data sets of a page of jobs cost at most one call each, and two more.',
  resolveType: ({ type }) => jobTypes[type].details.name,
  fields: (t) => ({
    dataSetId: t.exposeString('dataSetId', {
      nullable: true,
      description:
        'The `awsDataSetId` of the data set that the job reads from or writes to. Null if the service left it out of its answer.',
    }),
    dataSet: t.field(dataSetLink),
  }),
});
