/** How many jobs of each type may be in progress at once, per account and region (AWS General Reference, quotas). */
import type { JobType } from './job-request.ts';

export interface ConcurrencyLimit {
  readonly name: string;
  readonly value: number;
}

const prefix = 'Concurrent in progress jobs to';

export const concurrencyLimits: Readonly<Record<JobType, ConcurrencyLimit>> = {
  EXPORT_ASSETS_TO_S3: { name: `${prefix} export assets to Amazon S3`, value: 10 },
  EXPORT_ASSET_TO_SIGNED_URL: { name: `${prefix} export assets to a signed URL`, value: 10 },
  EXPORT_REVISIONS_TO_S3: { name: `${prefix} export revisions to Amazon S3`, value: 5 },
  IMPORT_ASSETS_FROM_S3: { name: `${prefix} import assets from Amazon S3`, value: 10 },
  IMPORT_ASSET_FROM_SIGNED_URL: { name: `${prefix} import assets from a signed URL`, value: 10 },
  IMPORT_ASSETS_FROM_REDSHIFT_DATA_SHARES: {
    name: `${prefix} import assets from Amazon Redshift datashares`,
    value: 10,
  },
  IMPORT_ASSET_FROM_API_GATEWAY_API: { name: `${prefix} import assets from an API Gateway API`, value: 10 },
  IMPORT_ASSETS_FROM_LAKE_FORMATION_TAG_POLICY: {
    name: `${prefix} import assets from an AWS Lake Formation tag policy`,
    value: 5,
  },
  CREATE_S3_DATA_ACCESS_FROM_S3_BUCKET: {
    name: `${prefix} create Amazon S3 data access assets from S3 buckets`,
    value: 5,
  },
};
