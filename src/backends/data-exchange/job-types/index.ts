/** The types of Data Exchange jobs, assembled. */
import type { KnownJobType } from '../../../model/data-exchange-job.ts';
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

/** By the service's names. */
export const jobTypesByName: { readonly [Type in KnownJobType]: JobType<Type> } = {
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

export const jobTypes: readonly JobType[] = Object.values(jobTypesByName);

export function isKnownJobType(type: string): type is KnownJobType {
  return Object.hasOwn(jobTypesByName, type);
}
