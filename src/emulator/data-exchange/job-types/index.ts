/** All job types. */
import { apiGatewayApi } from './api-gateway-api.ts';
import { exportAssetToSignedUrl } from './export-asset-to-signed-url.ts';
import { exportAssetsToS3 } from './export-assets-to-s3.ts';
import { exportRevisionsToS3 } from './export-revisions-to-s3.ts';
import { importAssetFromSignedUrl } from './import-asset-from-signed-url.ts';
import { importAssetsFromS3 } from './import-assets-from-s3.ts';
import type { JobType } from './job-type.ts';
import { lakeFormationTagPolicy } from './lake-formation-tag-policy.ts';
import { redshiftDataShares } from './redshift-data-shares.ts';
import { s3DataAccess } from './s3-data-access.ts';

export const jobTypes: readonly JobType[] = [
  apiGatewayApi,
  exportAssetToSignedUrl,
  exportAssetsToS3,
  exportRevisionsToS3,
  importAssetFromSignedUrl,
  importAssetsFromS3,
  lakeFormationTagPolicy,
  redshiftDataShares,
  s3DataAccess,
];
