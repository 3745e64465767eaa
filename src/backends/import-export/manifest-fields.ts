/** Converts a typed manifest into the service's field names and values (Developer Guide, the manifest file options). */
import type {
  ContentType,
  Customs,
  ExportFromS3Manifest,
  ImportToGlacierManifest,
  ImportToS3Manifest,
  ServiceLevel,
} from '../../model/import-export-manifest.ts';
import type { Maybe } from '../../model/maybe.ts';
import { addressMembers } from './postal-address.ts';

export function importToS3Fields(manifest: ImportToS3Manifest) {
  return {
    manifestVersion: '2.0',
    ...commonFields(manifest),
    eraseDevice: yesOrNo(manifest.eraseDevice),
    bucket: manifest.bucket,
    prefix: manifest.prefix,
    logBucket: manifest.logBucket,
    cacheControl: manifest.cacheControl,
    contentDisposition: manifest.contentDisposition,
    contentLanguage: manifest.contentLanguage,
    contentTypes: manifest.contentTypes && contentTypesFields(manifest.contentTypes),
    ignore: manifest.ignore,
    setContentEncodingForGzFiles: yesOrNo(manifest.setContentEncodingForGzFiles),
  };
}

export function importToGlacierFields(manifest: ImportToGlacierManifest) {
  const { region, vaultName, archiveComment } = manifest;
  return {
    manifestVersion: '3.0',
    ...commonFields(manifest),
    eraseDevice: yesOrNo(manifest.eraseDevice),
    logBucket: manifest.logBucket,
    operations: [{ destination: 'glacier', source: 'device', region, vaultName, archiveComment }],
  };
}

export function exportFromS3Fields(manifest: ExportFromS3Manifest) {
  return {
    manifestVersion: '2.0',
    ...commonFields(manifest),
    fileSystem: manifest.fileSystem,
    logBucket: manifest.logBucket,
    recoveryDirectory: manifest.recoveryDirectory,
    operations: manifest.operations.map((operation) => ({
      exportBucket: operation.exportBucket,
      prefix: operation.prefix,
      beginMarker: operation.beginMarker,
      endMarker: operation.endMarker,
      targetDirectory: operation.targetDirectory,
    })),
  };
}

const serviceLevels: Readonly<Record<ServiceLevel, string>> = {
  EXPEDITED_SHIPPING: 'expeditedShipping',
  STANDARD: 'standard',
};

function commonFields(manifest: ExportFromS3Manifest | ImportToGlacierManifest | ImportToS3Manifest) {
  return {
    generator: manifest.generator ?? 'waybill',
    deviceId: manifest.deviceId,
    notificationEmail: manifest.notificationEmails?.join(';') || undefined,
    logPrefix: manifest.logPrefix,
    serviceLevel: manifest.serviceLevel && serviceLevels[manifest.serviceLevel],
    trueCryptPassword: manifest.encryption?.trueCryptPassword,
    pinCode: manifest.encryption?.pinCode,
    returnAddress: addressMembers(manifest.returnAddress),
    customs: manifest.customs && customsFields(manifest.customs),
  };
}

function customsFields(customs: Customs) {
  return {
    dataDescription: customs.dataDescription,
    encryptedData: yesOrNo(customs.encryptedData),
    encryptionClassification: customs.encryptionClassification,
    exportCertifierName: customs.exportCertifierName,
    requiresExportLicense: yesOrNo(customs.requiresExportLicense),
    deviceValue: customs.deviceValue,
    deviceCountryOfOrigin: customs.deviceCountryOfOrigin,
    deviceType: customs.deviceType,
    deviceHTS: customs.deviceHts,
    typeOfExport: customs.typeOfExport,
  };
}

/** A map, as an object would take the extension `__proto__` for its prototype. */
function contentTypesFields(types: readonly ContentType[]) {
  return new Map(types.map(({ extension, contentType }) => [extension, contentType]));
}

function yesOrNo(answer: Maybe<boolean>) {
  return answer == null ? undefined : answer ? 'yes' : 'no';
}
