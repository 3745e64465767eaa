/** Checks the fields of a manifest by its kind (Developer Guide, "Manifest file options"). */
import { checkAddress, requiredAddressFields } from './address.ts';
import { ImportExportError, invalidField, missingField } from './errors.ts';
import { fieldOf, logKeyOf, type Manifest, type ManifestKind } from './manifest.ts';
import type { ManifestMap } from './manifest-reader.ts';

const requiredFields: Readonly<Record<ManifestKind, readonly string[]>> = {
  s3Import: ['manifestVersion', 'deviceId', 'eraseDevice', 'bucket'],
  ebsImport: ['manifestVersion', 'deviceId', 'eraseDevice', 'logBucket', 'operations'],
  glacierImport: ['manifestVersion', 'deviceId', 'eraseDevice', 'logBucket', 'operations'],
  s3Export: ['manifestVersion', 'deviceId', 'logBucket', 'operations', 'fileSystem'],
};

/** The current version, and older ones of AWS's tests and samples. */
const versions: Readonly<Record<ManifestKind, readonly string[]>> = {
  s3Import: ['2.0', '1.3', '1.2', '1.0'],
  ebsImport: ['3.0'],
  glacierImport: ['3.0'],
  s3Export: ['2.0', '1.3', '1.2', '1.0'],
};

/** The live service accepted `true`, and the guide writes `Yes`: the words of YAML 1.1, in any case. */
const yesOrNo = /^(?:yes|no|true|false|on|off)$/i;
const yesOrNoFields = ['eraseDevice', 'setContentEncodingForGzFiles'];

const allowedValues: Readonly<Record<string, readonly string[]>> = {
  acl: ['private', 'public-read', 'public-read-write', 'authenticated-read'],
  serviceLevel: ['standard', 'expeditedShipping'],
};

/** The guide's table lists NTFS and EXT4, its page on limits also the others. */
const exportFileSystems = ['NTFS', 'EXT4', 'EXT3', 'EXT2', 'FAT32'];

/** Throws the exception for the first missing field, then for the first invalid one. */
export function checkFields(manifest: Manifest): void {
  checkPresent(manifest);
  checkOperations(manifest);
  checkValues(manifest);
  checkAddress((name) => fieldOf(manifest.returnAddress, name));
}

function checkPresent({ kind, fields, operations, returnAddress }: Manifest): void {
  for (const name of requiredFields[kind]) {
    const isPresent = name === 'operations' ? operations.length > 0 : fieldOf(fields, name) !== undefined;
    if (!isPresent) throw missingField(name);
  }
  for (const name of requiredAddressFields) {
    if (fieldOf(returnAddress, name) === undefined) throw missingField(`returnAddress.${name}`);
  }
  if (kind === 's3Export' && !isEncrypted(fields)) throw missingField('trueCryptPassword');
}

/** Since 2014, so in manifests of version 2.0, exports must be encrypted with a password or on a PIN device. */
function isEncrypted(fields: ManifestMap): boolean {
  const isOld = fieldOf(fields, 'manifestVersion') !== '2.0';
  return isOld || fieldOf(fields, 'trueCryptPassword') !== undefined || fieldOf(fields, 'pinCode') !== undefined;
}

const operationFields: Readonly<Record<ManifestKind, readonly string[]>> = {
  s3Import: [],
  ebsImport: ['source', 'region'],
  glacierImport: ['source', 'region', 'vaultName', 'archiveComment'],
  s3Export: ['exportBucket'],
};

function checkOperations({ kind, operations }: Manifest): void {
  for (const operation of operations) {
    const missing = operationFields[kind].find((name) => fieldOf(operation, name) === undefined);
    if (missing !== undefined) throw missingField(`operations.${missing}`);
    if ((fieldOf(operation, 'archiveComment') ?? '').length > 997) throw invalidField('operations.archiveComment');
  }
}

function checkValues(manifest: Manifest): void {
  const { kind, fields } = manifest;
  if (!versions[kind].includes(fieldOf(fields, 'manifestVersion') ?? '')) throw invalidField('manifestVersion');
  for (const [name, values] of Object.entries(allowedValues)) {
    const value = fieldOf(fields, name);
    if (value !== undefined && !values.includes(value)) throw invalidField(name);
  }
  for (const name of yesOrNoFields) {
    if (!yesOrNo.test(fieldOf(fields, name) ?? 'no')) throw invalidField(name);
  }
  if (kind === 's3Export') checkFileSystem(fieldOf(fields, 'fileSystem') ?? '');
  // An object key has at most 1,024 bytes; job ids have five.
  if (Buffer.byteLength(logKeyOf(manifest, 'XXXXX')) > 1024) throw invalidField('logPrefix');
}

function checkFileSystem(fileSystem: string): void {
  if (exportFileSystems.includes(fileSystem.toUpperCase())) return;
  throw new ImportExportError('InvalidFileSystemException', `The file system ${fileSystem} is not supported`);
}
