/** The rules of a typed manifest, checked before it is sent (Developer Guide, the manifest file options). */

import { z } from 'zod';
import { fits, rangeOf, type Size, sizes } from '../../model/job-input-sizes.ts';
import { bucket, line, text } from './input-rules.ts';
import { postalAddress } from './postal-address.ts';

function textOf(rule: z.ZodString, size: Size) {
  return rule.refine((value) => fits(value.length, size), `must have ${rangeOf(size)}`);
}

function listOf<Item extends z.ZodType>(item: Item, size: Size) {
  return z
    .array(item, 'must be given')
    .refine((list) => fits(list.length, size), `must have ${rangeOf(size)} elements`);
}

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
  notificationEmails: listOf(email, sizes.emails).nullish(),
  logPrefix: line
    .refine((prefix) => fits(Buffer.byteLength(prefix), sizes.logPrefix), `must have ${rangeOf(sizes.logPrefix)}`)
    .nullish(),
  serviceLevel: z.enum(['EXPEDITED_SHIPPING', 'STANDARD'], 'must be a known service level').nullish(),
  encryption: encryption.nullish(),
  customs: customs.nullish(),
};

const contentType = z.object({ extension: textOf(line, sizes.fileExtension), contentType: line });

const contentTypes = listOf(contentType, sizes.contentTypes).refine(
  (types) => new Set(types.map(({ extension }) => extension)).size === types.length,
  {
    message: 'must not name an extension twice',
  },
);

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
  ignore: listOf(line, sizes.ignoredFiles).nullish(),
  setContentEncodingForGzFiles: z.boolean().nullish(),
});

const importToGlacier = z.object({
  ...commonShape,
  region: line,
  vaultName: line,
  archiveComment: textOf(text, sizes.archiveComment),
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
  operations: listOf(exportOperation, sizes.exportOperations),
  logBucket: bucket,
  recoveryDirectory: line.nullish(),
  encryption,
});

/** By the names of the kinds in the input. A caller's own text has other rules (`manifest-text.ts`). */
export const manifestRules = { exportFromS3, importToGlacier, importToS3 };
