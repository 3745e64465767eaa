/** The request of a Data Exchange job, in the form of the API's input. Pure data. */
import type { ImportAssetFromApiGatewayApiRequest } from './data-exchange-job-types/api-gateway-api.ts';
import type { ExportAssetToSignedUrlRequest } from './data-exchange-job-types/export-asset-to-signed-url.ts';
import type { ExportAssetsToS3Request } from './data-exchange-job-types/export-assets-to-s3.ts';
import type { ExportRevisionsToS3Request } from './data-exchange-job-types/export-revisions-to-s3.ts';
import type { ImportAssetFromSignedUrlRequest } from './data-exchange-job-types/import-asset-from-signed-url.ts';
import type { ImportAssetsFromS3Request } from './data-exchange-job-types/import-assets-from-s3.ts';
import type { ImportAssetsFromLakeFormationTagPolicyRequest } from './data-exchange-job-types/lake-formation-tag-policy.ts';
import type { ImportAssetsFromRedshiftDataSharesRequest } from './data-exchange-job-types/redshift-data-shares.ts';
import type { CreateS3DataAccessFromS3BucketRequest } from './data-exchange-job-types/s3-data-access.ts';
import type { Maybe } from './maybe.ts';

/** Exactly one member is present, and determines the job's type. */
export interface DataExchangeJobRequest {
  readonly createS3DataAccessFromS3Bucket?: Maybe<CreateS3DataAccessFromS3BucketRequest>;
  readonly exportAssetToSignedUrl?: Maybe<ExportAssetToSignedUrlRequest>;
  readonly exportAssetsToS3?: Maybe<ExportAssetsToS3Request>;
  readonly exportRevisionsToS3?: Maybe<ExportRevisionsToS3Request>;
  readonly importAssetFromApiGatewayApi?: Maybe<ImportAssetFromApiGatewayApiRequest>;
  readonly importAssetFromSignedUrl?: Maybe<ImportAssetFromSignedUrlRequest>;
  readonly importAssetsFromLakeFormationTagPolicy?: Maybe<ImportAssetsFromLakeFormationTagPolicyRequest>;
  readonly importAssetsFromRedshiftDataShares?: Maybe<ImportAssetsFromRedshiftDataSharesRequest>;
  readonly importAssetsFromS3?: Maybe<ImportAssetsFromS3Request>;
}
