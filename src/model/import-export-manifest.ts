/** The manifest of an Import/Export job, in the form of the API's input. Pure data. */
import type { TransferDirection } from './import-export-job.ts';
import type { Maybe } from './maybe.ts';

/** Exactly one member is present. */
export interface ImportExportManifest {
  readonly importToS3?: Maybe<ImportToS3Manifest>;
  readonly importToGlacier?: Maybe<ImportToGlacierManifest>;
  readonly exportFromS3?: Maybe<ExportFromS3Manifest>;
  readonly text?: Maybe<ManifestText>;
}

/** A manifest as the caller's text, passed on byte for byte. */
export interface ManifestText {
  readonly direction: TransferDirection;
  readonly text: string;
}

interface ManifestBase {
  /** The program that wrote the manifest. Never set by the caller: the gateway marks a create with it. */
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
