/** The rules of a typed manifest, checked before it is sent (Developer Guide, the manifest file options). */
import type { ContentType, DeviceEncryption } from '../../model/import-export-manifest.ts';
import { sizes } from '../../model/job-input-sizes.ts';
import { type Check, given, list, maybe, object, oneOf } from '../input/checks.ts';
import { bucket } from '../input/text-checks.ts';
import { line, lineBy, text, textBy } from './input-rules.ts';
import { postalAddress } from './postal-address.ts';

/** Semicolons separate the addresses in the manifest. */
const email = lineBy({ pattern: /^[^\s;@]+@[^\s;@]+$/, must: 'be one e-mail address' });

const oneSecret: Check = (value, path, findings) => {
  const { trueCryptPassword, pinCode } = value as DeviceEncryption;
  if ((trueCryptPassword == null) !== (pinCode == null)) return;
  const isNone = pinCode == null;
  const says = `must have either a TrueCrypt password or a PIN code; ${isNone ? 'neither was' : 'both were'} given`;
  findings.add(path, { code: isNone ? 'REQUIRED' : 'MUTUALLY_EXCLUSIVE', says });
};

const encryption = object({ trueCryptPassword: maybe(line), pinCode: maybe(line) }, oneSecret);

const customs = object({
  dataDescription: text,
  encryptedData: given,
  encryptionClassification: maybe(line),
  exportCertifierName: text,
  requiresExportLicense: given,
  deviceValue: line,
  deviceCountryOfOrigin: line,
  deviceType: line,
  deviceHts: maybe(line),
  typeOfExport: line,
});

const common = {
  deviceId: line,
  returnAddress: postalAddress,
  notificationEmails: maybe(list(email, sizes.emails)),
  logPrefix: maybe(lineBy({ size: sizes.logPrefix })),
  serviceLevel: maybe(oneOf('EXPEDITED_SHIPPING', 'STANDARD')),
  encryption: maybe(encryption),
  customs: maybe(customs),
};

const contentType = object({ extension: lineBy({ size: sizes.fileExtension }), contentType: line });

const extensionsOnce: Check = (value, path, findings) => {
  const extensions = (value as readonly Partial<ContentType>[]).map(({ extension }) => extension);
  for (const [index, extension] of extensions.entries()) {
    const first = extensions.indexOf(extension);
    if (first === index || extension === undefined) continue;
    const says = `is also that of content type ${first + 1}, and must be named only once`;
    findings.add([...path, String(index), 'extension'], { code: 'DUPLICATE', parameters: { first }, says });
  }
};

const importToS3 = object({
  ...common,
  bucket,
  prefix: maybe(line),
  eraseDevice: given,
  logBucket: maybe(bucket),
  cacheControl: maybe(line),
  contentDisposition: maybe(line),
  contentLanguage: maybe(line),
  contentTypes: maybe(list(contentType, sizes.contentTypes, extensionsOnce)),
  ignore: maybe(list(line, sizes.ignoredFiles)),
});

const importToGlacier = object({
  ...common,
  region: line,
  vaultName: line,
  archiveComment: textBy({ size: sizes.archiveComment }),
  eraseDevice: given,
  logBucket: bucket,
});

const exportOperation = object({
  exportBucket: bucket,
  prefix: maybe(line),
  beginMarker: maybe(line),
  endMarker: maybe(line),
  targetDirectory: maybe(line),
});

const exportFromS3 = object({
  ...common,
  fileSystem: oneOf('EXT2', 'EXT3', 'EXT4', 'FAT32', 'NTFS'),
  operations: list(exportOperation, sizes.exportOperations),
  logBucket: bucket,
  recoveryDirectory: maybe(line),
  encryption,
});

/** By the names of the kinds in the input. A caller's own text has other rules (`manifest-text.ts`). */
export const manifestRules = { exportFromS3, importToGlacier, importToS3 };
