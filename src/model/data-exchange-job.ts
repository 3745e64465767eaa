/** A job of AWS Data Exchange. */
import type { ImportAssetFromApiGatewayApiDetails } from './data-exchange-job-types/api-gateway-api.ts';
import type { ExportAssetToSignedUrlDetails } from './data-exchange-job-types/export-asset-to-signed-url.ts';
import type { ExportAssetsToS3Details } from './data-exchange-job-types/export-assets-to-s3.ts';
import type { ExportRevisionsToS3Details } from './data-exchange-job-types/export-revisions-to-s3.ts';
import type { ImportAssetFromSignedUrlDetails } from './data-exchange-job-types/import-asset-from-signed-url.ts';
import type { ImportAssetsFromS3Details } from './data-exchange-job-types/import-assets-from-s3.ts';
import type { ImportAssetsFromLakeFormationTagPolicyDetails } from './data-exchange-job-types/lake-formation-tag-policy.ts';
import type { SignedUrl } from './data-exchange-job-types/parts.ts';
import type { ImportAssetsFromRedshiftDataSharesDetails } from './data-exchange-job-types/redshift-data-shares.ts';
import type { CreateS3DataAccessFromS3BucketDetails } from './data-exchange-job-types/s3-data-access.ts';
import type { JobRef, JobState } from './job-state.ts';
import type { S3Object } from './s3-object.ts';

export type DataExchangeJobDetails =
  | CreateS3DataAccessFromS3BucketDetails
  | ExportAssetToSignedUrlDetails
  | ExportAssetsToS3Details
  | ExportRevisionsToS3Details
  | ImportAssetFromApiGatewayApiDetails
  | ImportAssetFromSignedUrlDetails
  | ImportAssetsFromLakeFormationTagPolicyDetails
  | ImportAssetsFromRedshiftDataSharesDetails
  | ImportAssetsFromS3Details;

/** The job types that this gateway can create and read. */
export type KnownJobType = DataExchangeJobDetails['type'];

export type DataExchangeJobType = KnownJobType | 'UNKNOWN';

/** The kinds of details that carry a signed URL. */
export type SignedUrlDetails = Extract<DataExchangeJobDetails, { signedUrl?: SignedUrl | null }>;

export interface DataExchangeJob extends JobRef {
  readonly service: 'DATA_EXCHANGE';
  readonly arn: string | null;
  readonly type: DataExchangeJobType;
  /** The service's name for `type`. */
  readonly typeCode: string;
  readonly state: JobState;
  /** The service's name for `state`. */
  readonly stateCode: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** Null for a job type that this gateway does not know, and if the service left them out. */
  readonly details: DataExchangeJobDetails | null;
  readonly errors: readonly DataExchangeJobError[];
  /** Paths of unreadable members of the answer, which are null or left out here. Absent if there are none. */
  readonly unreadable?: readonly string[];
  /** Present if only an outline was kept: `details` and `errors` are empty then, and must be read again. */
  readonly outline?: {
    readonly dataSetId: string | null;
    /** Absent in outlines of older versions. */
    readonly revisionIds?: readonly string[];
  };
}

export interface DataExchangeJobError {
  /** The service's own code, such as `VALIDATION_EXCEPTION`. */
  readonly code: string | null;
  /** The service's own sentence, without secrets and of at most 1,000 characters. */
  readonly message: string;
  /** The gateway's sentence about the code; null for a code that it does not know. */
  readonly hint: string | null;
  readonly limit: { readonly name: string; readonly value: number } | null;
  readonly resource: { readonly id: string; readonly type: string } | null;
  readonly assetName: string | null;
  readonly sources: readonly (S3Object | null)[];
}
