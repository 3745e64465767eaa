/**
 * What callers ask for: the manifests of Import/Export jobs, and what a Data Exchange job is to do.
 *
 * Exactly as the API's inputs have it, so that an input reaches its backend as it came. Pure data, like the jobs.
 */
import type { EncryptionType, LakeFormationTagPolicy } from './data-exchange-job.ts';
import type { TransferDirection } from './import-export-job.ts';
import type { S3Object } from './s3-object.ts';

/** A member that a caller may leave out or give as null, to the same effect. */
export type Maybe<T> = T | null | undefined;

/** What a device is to carry, and whose it is: exactly one member is present. */
export interface ImportExportManifest {
  readonly importToS3?: Maybe<ImportToS3Manifest>;
  readonly importToGlacier?: Maybe<ImportToGlacierManifest>;
  readonly exportFromS3?: Maybe<ExportFromS3Manifest>;
  readonly text?: Maybe<ManifestText>;
}

/** A manifest in the caller's own words, passed on byte for byte. */
export interface ManifestText {
  readonly direction: TransferDirection;
  readonly text: string;
}

interface ManifestBase {
  /** What wrote the manifest. Never the caller's: the gateway marks a create by it. */
  readonly generator?: Maybe<string>;
  readonly deviceId: string;
  readonly returnAddress: PostalAddress;
  readonly notificationEmails?: Maybe<readonly string[]>;
  readonly logPrefix?: Maybe<string>;
  readonly serviceLevel?: Maybe<ServiceLevel>;
  readonly encryption?: Maybe<DeviceEncryption>;
  readonly customs?: Maybe<Customs>;
}

export interface ImportToS3Manifest extends ManifestBase {
  readonly bucket: string;
  readonly prefix?: Maybe<string>;
  readonly eraseDevice: boolean;
  readonly logBucket?: Maybe<string>;
  readonly cacheControl?: Maybe<string>;
  readonly contentDisposition?: Maybe<string>;
  readonly contentLanguage?: Maybe<string>;
  readonly contentTypes?: Maybe<readonly ContentType[]>;
  readonly ignore?: Maybe<readonly string[]>;
  readonly setContentEncodingForGzFiles?: Maybe<boolean>;
}

export interface ImportToGlacierManifest extends ManifestBase {
  readonly region: string;
  readonly vaultName: string;
  readonly archiveComment: string;
  readonly eraseDevice: boolean;
  readonly logBucket: string;
}

export interface ExportFromS3Manifest extends ManifestBase {
  readonly fileSystem: DeviceFileSystem;
  readonly operations: readonly ExportOperation[];
  readonly logBucket: string;
  readonly recoveryDirectory?: Maybe<string>;
  readonly encryption: DeviceEncryption;
}

export type ServiceLevel = 'EXPEDITED_SHIPPING' | 'STANDARD';
export type DeviceFileSystem = 'EXT2' | 'EXT3' | 'EXT4' | 'FAT32' | 'NTFS';

export interface ContentType {
  readonly extension: string;
  readonly contentType: string;
}

/** Exactly one of the two is present. */
export interface DeviceEncryption {
  readonly trueCryptPassword?: Maybe<string>;
  readonly pinCode?: Maybe<string>;
}

export interface ExportOperation {
  readonly exportBucket: string;
  readonly prefix?: Maybe<string>;
  readonly beginMarker?: Maybe<string>;
  readonly endMarker?: Maybe<string>;
  readonly targetDirectory?: Maybe<string>;
}

export interface Customs {
  readonly dataDescription: string;
  readonly encryptedData: boolean;
  readonly encryptionClassification?: Maybe<string>;
  readonly exportCertifierName: string;
  readonly requiresExportLicense: boolean;
  readonly deviceValue: string;
  readonly deviceCountryOfOrigin: string;
  readonly deviceType: string;
  readonly deviceHts?: Maybe<string>;
  readonly typeOfExport: string;
}

export interface PostalAddress {
  readonly name: string;
  readonly company?: Maybe<string>;
  readonly phoneNumber: string;
  readonly street1: string;
  readonly street2?: Maybe<string>;
  readonly street3?: Maybe<string>;
  readonly city: string;
  readonly stateOrProvince?: Maybe<string>;
  readonly postalCode: string;
  readonly country: string;
}

/** What is asked of `createJob`: exactly one member is present, and the job's type follows from it. */
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

interface RevisionRequest {
  readonly dataSetId: string;
  readonly revisionId: string;
}

export interface AssetDestinationRequest {
  readonly assetId: string;
  readonly bucket: string;
  readonly key?: Maybe<string>;
}

export interface RevisionDestinationRequest {
  readonly revisionId: string;
  readonly bucket: string;
  readonly keyPattern?: Maybe<string>;
}

export interface ServerSideEncryptionRequest {
  readonly type: EncryptionType;
  readonly kmsKeyArn?: Maybe<string>;
}

export interface CreateS3DataAccessFromS3BucketRequest extends RevisionRequest {
  readonly bucket: string;
  readonly keyPrefixes?: Maybe<readonly string[]>;
  readonly keys?: Maybe<readonly string[]>;
  readonly kmsKeyArns?: Maybe<readonly string[]>;
}

export interface ExportAssetToSignedUrlRequest extends RevisionRequest {
  readonly assetId: string;
}

export interface ExportAssetsToS3Request extends RevisionRequest {
  readonly destinations: readonly AssetDestinationRequest[];
  readonly encryption?: Maybe<ServerSideEncryptionRequest>;
}

export interface ExportRevisionsToS3Request {
  readonly dataSetId: string;
  readonly destinations: readonly RevisionDestinationRequest[];
  readonly encryption?: Maybe<ServerSideEncryptionRequest>;
}

export interface ImportAssetFromApiGatewayApiRequest extends RevisionRequest {
  readonly apiId: string;
  readonly apiName: string;
  readonly apiDescription?: Maybe<string>;
  readonly apiKey?: Maybe<string>;
  readonly specificationMd5Hash: string;
  readonly stage: string;
}

export interface ImportAssetFromSignedUrlRequest extends RevisionRequest {
  readonly assetName: string;
  readonly md5Hash: string;
}

export interface ImportAssetsFromLakeFormationTagPolicyRequest extends RevisionRequest {
  readonly catalogId: string;
  readonly roleArn: string;
  readonly database?: Maybe<LakeFormationTagPolicy>;
  readonly table?: Maybe<LakeFormationTagPolicy>;
}

export interface ImportAssetsFromRedshiftDataSharesRequest extends RevisionRequest {
  readonly dataShareArns: readonly string[];
}

export interface ImportAssetsFromS3Request extends RevisionRequest {
  readonly sources: readonly S3Object[];
}
