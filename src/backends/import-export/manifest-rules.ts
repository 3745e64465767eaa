/** What must hold of a typed manifest before it is worth sending (Developer Guide, the manifest file options). */
import { z } from 'zod';
import { bucket, line, text } from './input-rules.ts';
import { postalAddress } from './postal-address.ts';

/** The log's key, prefix and name together, may have 1,024 bytes. The name is such as `import-log-53TX4`. */
const maxLogPrefixBytes = 1_024 - 'import-log-53TX4'.length;

/** Semicolons separate the addresses in the manifest. */
const email = line.regex(/^[^\s;@]+@[^\s;@]+$/, 'must be one e-mail address');

const encryption = z
  .object({ trueCryptPassword: line.nullish(), pinCode: line.nullish() }, 'must be given')
  .refine(({ trueCryptPassword, pinCode }) => (trueCryptPassword == null) !== (pinCode == null), {
    message: 'must have either trueCryptPassword or pinCode',
  });

const customs = z.object({
  dataDescription: text,
  encryptedData: z.boolean('must be given'),
  encryptionClassification: line.nullish(),
  exportCertifierName: text,
  requiresExportLicense: z.boolean('must be given'),
  deviceValue: line,
  deviceCountryOfOrigin: line,
  deviceType: line,
  deviceHts: line.nullish(),
  typeOfExport: line,
});

const commonShape = {
  deviceId: line,
  returnAddress: postalAddress,
  notificationEmails: z.array(email).nullish(),
  logPrefix: line
    .refine((prefix) => Buffer.byteLength(prefix) <= maxLogPrefixBytes, `must have at most ${maxLogPrefixBytes} bytes`)
    .nullish(),
  serviceLevel: z.enum(['EXPEDITED_SHIPPING', 'STANDARD'], 'must be a known service level').nullish(),
  encryption: encryption.nullish(),
  customs: customs.nullish(),
};

const contentTypes = z
  .array(z.object({ extension: line.max(255, 'must be at most 255 characters long'), contentType: line }))
  .refine((types) => new Set(types.map(({ extension }) => extension)).size === types.length, {
    message: 'must not name an extension twice',
  });

const importToS3 = z.object({
  ...commonShape,
  bucket,
  prefix: line.nullish(),
  eraseDevice: z.boolean('must be given'),
  logBucket: bucket.nullish(),
  cacheControl: line.nullish(),
  contentDisposition: line.nullish(),
  contentLanguage: line.nullish(),
  contentTypes: contentTypes.nullish(),
  ignore: z.array(line).nullish(),
  setContentEncodingForGzFiles: z.boolean().nullish(),
});

const importToGlacier = z.object({
  ...commonShape,
  region: line,
  vaultName: line,
  archiveComment: text.max(997, 'must be at most 997 characters long'),
  eraseDevice: z.boolean('must be given'),
  logBucket: bucket,
});

const exportOperation = z.object({
  exportBucket: bucket,
  prefix: line.nullish(),
  beginMarker: line.nullish(),
  endMarker: line.nullish(),
  targetDirectory: line.nullish(),
});

const exportFromS3 = z.object({
  ...commonShape,
  fileSystem: z.enum(['EXT2', 'EXT3', 'EXT4', 'FAT32', 'NTFS'], 'must be a known file system'),
  operations: z.array(exportOperation, 'must be given').min(1, 'must have at least one operation'),
  logBucket: bucket,
  recoveryDirectory: line.nullish(),
  encryption,
});

/** The three kinds by their names in the input; a manifest in the caller's own words has rules of its own. */
export const manifestRules = { exportFromS3, importToGlacier, importToS3 };
