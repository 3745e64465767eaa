/**
 * The model: what a transfer job is, in one vocabulary for both services.
 *
 * Pure data and pure functions; imports nothing of ours but the wrapping of what is secret. What AWS calls things is
 * translated into these names by the backends and nowhere else.
 */
import type { Secret } from '../base/secret.ts';

export const jobServices = ['DATA_EXCHANGE', 'IMPORT_EXPORT'] as const;

export type JobService = (typeof jobServices)[number];

export type JobState =
  | 'WAITING'
  | 'IN_PROGRESS'
  | 'COMPLETED'
  | 'COMPLETED_WITH_ERRORS'
  | 'FAILED'
  | 'CANCELLED'
  | 'TIMED_OUT'
  | 'UNKNOWN';

export type JobAction = 'CANCEL' | 'START' | 'UPDATE';

/** Which job of which service. Only `awsJobId` is not enough: each service numbers its own. */
export interface JobRef {
  readonly service: JobService;
  readonly awsJobId: string;
}

const finishedStates: ReadonlySet<JobState> = new Set([
  'COMPLETED',
  'COMPLETED_WITH_ERRORS',
  'FAILED',
  'CANCELLED',
  'TIMED_OUT',
]);

/** Whether `state` can no longer change. An unknown state may be anything, so it is never taken as final. */
export function isFinished(state: JobState): boolean {
  return finishedStates.has(state);
}

/**
 * What may be asked of a job of `service` in `state`.
 *
 * Data Exchange cancels only from WAITING (its User Guide, "Jobs"); Import/Export updates and cancels until the transfer
 * starts, wherever the device is (CancelJob and UpdateJob in its API reference).
 */
export function availableActions(service: JobService, state: JobState): readonly JobAction[] {
  if (state !== 'WAITING') return [];
  return service === 'DATA_EXCHANGE' ? ['CANCEL', 'START'] : ['CANCEL', 'UPDATE'];
}

export interface S3Object {
  readonly bucket: string;
  readonly key: string;
}

export type TransferDirection = 'EXPORT' | 'IMPORT';

export type DeviceLocation = 'AT_AWS' | 'NOT_RECEIVED' | 'RETURNED' | 'UNKNOWN';

/**
 * What is known of an Import/Export job without asking for its status: an entry of a list, or the reply to a create.
 *
 * A member is absent where that source does not say it; then `status`, or a GetStatus, does. only `state` is present
 * where the source already decides it: a cancelled list entry, a job created just now.
 */
export interface ImportExportJob extends JobRef {
  readonly service: 'IMPORT_EXPORT';
  readonly direction?: TransferDirection;
  readonly createdAt?: Date;
  readonly state?: JobState;
  readonly status?: ImportExportStatus;
}

/** As an entry of a list tells of it. */
export type ListedImportExportJob = ImportExportJob & Required<Pick<ImportExportJob, 'createdAt' | 'direction'>>;

/** What GetStatus says, without its secrets (manifest, signature) and without links. */
export interface ImportExportStatus {
  readonly awsJobId: string;
  readonly direction: TransferDirection;
  readonly createdAt: Date;
  readonly state: JobState;
  readonly progress: ImportExportProgress;
  readonly device: StorageDevice | null;
  /** Paths of members of the answer that could not be read, and are null here. Absent where there are none. */
  readonly unreadable?: readonly string[];
}

/** The job that a status by itself describes. */
export function importExportJobFrom(status: ImportExportStatus): ImportExportJob {
  const { awsJobId, direction, createdAt } = status;
  return { service: 'IMPORT_EXPORT', awsJobId, direction, createdAt, status };
}

export interface ImportExportProgress {
  /** The service's own token, such as `Pending`. */
  readonly code: string;
  readonly message: string | null;
  readonly errorCount: number | null;
  readonly log: S3Object | null;
}

export interface StorageDevice {
  readonly location: DeviceLocation;
  /** The service's own token, such as `AtAWS`. */
  readonly locationCode: string;
  readonly message: string | null;
  readonly returnShipment: Shipment | null;
}

export interface Shipment {
  readonly carrier: string;
  readonly trackingNumber: string;
}

/** The part of GetStatus that is secret or a link: read on request, never kept. */
export interface ImportExportDocuments {
  /** The manifest with its passwords and keys blanked out. */
  readonly manifest: Secret<string> | null;
  readonly signature: Secret<JobSignature> | null;
  readonly artifacts: readonly JobArtifact[];
}

export interface JobSignature {
  readonly value: string;
  readonly fileContents: string;
}

export interface JobArtifact {
  readonly description: string;
  readonly url: Secret<string>;
}

export interface ShippingLabel {
  readonly url: Secret<string>;
  readonly warning: string | null;
}

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

export type Job = DataExchangeJob | ImportExportJob;
