/** The details of a Data Exchange job: which GraphQL type they are, and their signed URL. */

import type { DataExchangeJobDetails, SignedUrl, SignedUrlDetails } from '../model/data-exchange-job.ts';
import type { Context } from './context.ts';

const typeNames = {
  CREATE_S3_DATA_ACCESS_FROM_S3_BUCKET: 'CreateS3DataAccessFromS3BucketDetails',
  EXPORT_ASSETS_TO_S3: 'ExportAssetsToS3Details',
  EXPORT_ASSET_TO_SIGNED_URL: 'ExportAssetToSignedUrlDetails',
  EXPORT_REVISIONS_TO_S3: 'ExportRevisionsToS3Details',
  IMPORT_ASSETS_FROM_LAKE_FORMATION_TAG_POLICY: 'ImportAssetsFromLakeFormationTagPolicyDetails',
  IMPORT_ASSETS_FROM_REDSHIFT_DATA_SHARES: 'ImportAssetsFromRedshiftDataSharesDetails',
  IMPORT_ASSETS_FROM_S3: 'ImportAssetsFromS3Details',
  IMPORT_ASSET_FROM_API_GATEWAY_API: 'ImportAssetFromApiGatewayApiDetails',
  IMPORT_ASSET_FROM_SIGNED_URL: 'ImportAssetFromSignedUrlDetails',
} as const satisfies Record<DataExchangeJobDetails['type'], string>;

/** The GraphQL type of a job's details. */
export function detailsTypeName(details: DataExchangeJobDetails): string {
  return typeNames[details.type];
}

/** The URL that came with the details, or the one GetJob gives now; null once it is of no more use. */
export async function signedUrl(
  details: SignedUrlDetails,
  _args: unknown,
  context: Context,
): Promise<SignedUrl | null> {
  const url = details.signedUrl === undefined ? await currentUrl(details.awsJobId, context) : details.signedUrl;
  return url !== null && url.expiresAt.getTime() > context.now() ? url : null;
}

async function currentUrl(awsJobId: string, context: Context): Promise<SignedUrl | null> {
  const { details } = await context.loaders.dataExchangeJobWithUrl.load(awsJobId);
  return details !== null && 'signedUrl' in details ? (details.signedUrl ?? null) : null;
}
