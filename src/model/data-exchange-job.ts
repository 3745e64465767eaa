/** A job of AWS Data Exchange, and the details of each of its types. */
import type { Secret } from '../base/secret.ts';
import type { JobRef, JobState } from './job-state.ts';
import type { S3Object } from './s3-object.ts';

export type DataExchangeJobType =
  | 'CREATE_S3_DATA_ACCESS_FROM_S3_BUCKET'
  | 'EXPORT_ASSETS_TO_S3'
  | 'EXPORT_ASSET_TO_SIGNED_URL'
  | 'EXPORT_REVISIONS_TO_S3'
  | 'IMPORT_ASSETS_FROM_LAKE_FORMATION_TAG_POLICY'
  | 'IMPORT_ASSETS_FROM_REDSHIFT_DATA_SHARES'
  | 'IMPORT_ASSETS_FROM_S3'
  | 'IMPORT_ASSET_FROM_API_GATEWAY_API'
  | 'IMPORT_ASSET_FROM_SIGNED_URL'
  | 'UNKNOWN';

export interface DataExchangeJob extends JobRef {
  readonly service: 'DATA_EXCHANGE';
  readonly arn: string | null;
  readonly type: DataExchangeJobType;
  /** The service's own word for `type`. */
  readonly typeCode: string;
  readonly state: JobState;
  /** The service's own word for `state`. */
  readonly stateCode: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** Null for a job type newer than this gateway, and where the service left them out. */
  readonly details: DataExchangeJobDetails | null;
  readonly errors: readonly DataExchangeJobError[];
  /** Paths of members of the answer that could not be read, and are null or left out here. Absent where there are none. */
  readonly unreadable?: readonly string[];
  /** Present where no more than this was kept: `details` and `errors` are empty then, and to be read anew. */
  readonly outline?: { readonly dataSetId: string | null };
}

/**
 * A URL that is itself a credential. `undefined` on details means that it was not read: lists may lack it or show a stale
 * one, so it comes only from a create or from GetJob.
 */
export interface SignedUrl {
  readonly url: Secret<string>;
  readonly expiresAt: Date;
}

/** Whatever a reply leaves out, or has in a form that cannot be read, is null: the User Guide's own samples lack members that the model calls required. */
interface DetailsBase {
  /** The job these details belong to, so that a signed URL can be read when it is asked for. */
  readonly awsJobId: string;
  readonly dataSetId: string | null;
}

export interface ImportAssetsFromS3Details extends DetailsBase {
  readonly type: 'IMPORT_ASSETS_FROM_S3';
  readonly revisionId: string | null;
  readonly sources: readonly (S3Object | null)[] | null;
}

export interface ImportAssetFromSignedUrlDetails extends DetailsBase {
  readonly type: 'IMPORT_ASSET_FROM_SIGNED_URL';
  readonly revisionId: string | null;
  readonly assetName: string | null;
  readonly md5Hash: string | null;
  readonly signedUrl?: SignedUrl | null;
}

export interface ExportAssetsToS3Details extends DetailsBase {
  readonly type: 'EXPORT_ASSETS_TO_S3';
  readonly revisionId: string | null;
  readonly destinations: readonly (AssetDestination | null)[] | null;
  readonly encryption: ServerSideEncryption | null;
}

export interface ExportAssetToSignedUrlDetails extends DetailsBase {
  readonly type: 'EXPORT_ASSET_TO_SIGNED_URL';
  readonly revisionId: string | null;
  readonly assetId: string | null;
  readonly signedUrl?: SignedUrl | null;
}

export interface ExportRevisionsToS3Details extends DetailsBase {
  readonly type: 'EXPORT_REVISIONS_TO_S3';
  readonly destinations: readonly (RevisionDestination | null)[] | null;
  readonly encryption: ServerSideEncryption | null;
  readonly eventActionArn: string | null;
}

export interface ImportAssetsFromRedshiftDataSharesDetails extends DetailsBase {
  readonly type: 'IMPORT_ASSETS_FROM_REDSHIFT_DATA_SHARES';
  readonly revisionId: string | null;
  readonly dataShareArns: readonly (string | null)[] | null;
}

export interface ImportAssetFromApiGatewayApiDetails extends DetailsBase {
  readonly type: 'IMPORT_ASSET_FROM_API_GATEWAY_API';
  readonly revisionId: string | null;
  readonly api: ApiGatewayApi;
  readonly specificationMd5Hash: string | null;
  readonly signedUrl?: SignedUrl | null;
}

export interface CreateS3DataAccessFromS3BucketDetails extends DetailsBase {
  readonly type: 'CREATE_S3_DATA_ACCESS_FROM_S3_BUCKET';
  readonly revisionId: string | null;
  readonly source: S3DataAccessSource | null;
}

export interface ImportAssetsFromLakeFormationTagPolicyDetails extends DetailsBase {
  readonly type: 'IMPORT_ASSETS_FROM_LAKE_FORMATION_TAG_POLICY';
  readonly revisionId: string | null;
  readonly catalogId: string | null;
  readonly roleArn: string | null;
  readonly database: LakeFormationTagPolicy | null;
  readonly table: LakeFormationTagPolicy | null;
}

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

/** The three kinds of details that carry a signed URL. */
export type SignedUrlDetails = Extract<DataExchangeJobDetails, { signedUrl?: SignedUrl | null }>;

export interface AssetDestination {
  readonly assetId: string;
  readonly bucket: string;
  readonly key: string | null;
}

export interface RevisionDestination {
  readonly revisionId: string;
  readonly bucket: string;
  readonly keyPattern: string | null;
}

export interface ServerSideEncryption {
  readonly type: EncryptionType;
  readonly kmsKeyArn: string | null;
}

export type EncryptionType = 'AES256' | 'AWS_KMS';

export interface ApiGatewayApi {
  readonly id: string | null;
  readonly name: string | null;
  readonly description: string | null;
  readonly stage: string | null;
  readonly protocol: string | null;
}

export interface S3DataAccessSource {
  readonly bucket: string;
  readonly keyPrefixes: readonly string[];
  readonly keys: readonly string[];
  readonly kmsKeyArns: readonly string[];
}

export interface LakeFormationTagPolicy {
  readonly expression: readonly LakeFormationTag[];
  readonly permissions: readonly string[];
}

export interface LakeFormationTag {
  readonly key: string;
  readonly values: readonly string[];
}

export interface DataExchangeJobError {
  /** The service's own code, such as `VALIDATION_EXCEPTION`. */
  readonly code: string | null;
  readonly message: string;
  readonly limit: { readonly name: string; readonly value: number } | null;
  readonly resource: { readonly id: string; readonly type: string } | null;
  readonly assetName: string | null;
  readonly sources: readonly (S3Object | null)[];
}
