/** Words for the fields of the schema where its own are for programs, and the order in which people fill them in. */
import type { InputField } from './input-types.ts';

const labels: Readonly<Record<string, string>> = {
  dataSetId: 'Data set',
  revisionId: 'Revision',
  assetId: 'Asset',
  deviceId: 'Name of the disk',
  apiId: 'API id',
  apiName: 'Name for subscribers',
  apiDescription: 'Description for subscribers',
  apiKey: 'API key',
  assetName: 'Name of the asset',
  md5Hash: 'MD5 hash',
  specificationMd5Hash: 'MD5 hash of the specification',
  catalogId: 'AWS account of the catalog',
  roleArn: 'IAM role',
  kmsKeyArn: 'Key of AWS KMS',
  kmsKeyArns: 'Keys of AWS KMS',
  dataShareArns: 'Data shares',
  deviceHts: 'Tariff number of the disk',
  street1: 'Street and number',
  street2: 'Second line of the street',
  street3: 'Third line of the street',
  stateOrProvince: 'State or province',
  pinCode: 'PIN code',
  trueCryptPassword: 'TrueCrypt password',
  setContentEncodingForGzFiles: 'Mark gzip files as such',
  ignore: 'Files to leave out',
  text: 'Manifest',
  keyPrefixes: 'Key prefixes',
  expression: 'Tags',
};

export function labelOf(name: string): string {
  const words = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return labels[name] ?? words.charAt(0).toUpperCase() + words.slice(1);
}

const picked = new Set(['dataSetId', 'revisionId', 'assetId']);

const help: Readonly<Record<string, string>> = {
  md5Hash: 'Read from the file above.',
  specificationMd5Hash: 'Read from the file above.',
  eraseDevice: 'AWS erases the disk before it sends it back. Since about 2015 it refuses jobs that do not let it.',
  kmsKeyArn: 'Only for a key of AWS KMS: its Amazon Resource Name.',
  deviceId: 'The serial number of the disk, or the label that you stuck on it.',
  serviceLevel: 'How fast the disk is sent back. AWS takes the standard where nothing is said.',
  encryption: 'How the disk or the copies are protected.',
  permissions: 'What subscribers may do.',
  text: 'The manifest as AWS is to read it, byte for byte: at most 32,768 bytes.',
  city: '',
  country: 'Such as USA.',
  name: 'The person at this address.',
  phoneNumber: 'Where the carrier can ring.',
  postalCode: '',
  street1: 'The carrier takes no post office boxes.',
};

/** The schema's own description for everything else, without its marks. */
export function helpOf({ name, description }: InputField, mayPick = true): string {
  if (picked.has(name))
    return mayPick ? 'Choose it by its name, or paste its AWS id.' : 'Its AWS id: your token may not read names.';
  const text = description.replaceAll('`', '').replace(/\bAbsent for\b/g, 'Leave empty for');
  return help[name] ?? text;
}

/** These first, in this order; the others as the schema has them. */
const order = [
  ...['direction', 'dataSetId', 'revisionId', 'assetId', 'apiName', 'assetName'],
  ...['deviceId', 'bucket', 'region', 'vaultName', 'operations', 'fileSystem', 'encryption', 'logBucket'],
  ...['name', 'company', 'street1', 'street2', 'street3', 'postalCode', 'city', 'stateOrProvince', 'country'],
  ...['phoneNumber', 'returnAddress', 'catalogId', 'roleArn'],
];

function placeOf({ name }: InputField): number {
  const place = order.indexOf(name);
  return place === -1 ? order.length : place;
}

export function inOrder(fields: readonly InputField[]): readonly InputField[] {
  return [...fields].sort((left, right) => placeOf(left) - placeOf(right));
}

/** Optional fields that so many people fill in that they are not folded away. */
const common = new Set(['company', 'stateOrProvince', 'prefix', 'key', 'table', 'database']);

export function isCommon({ name, isRequired }: InputField): boolean {
  return isRequired || common.has(name);
}

export const secretFields: ReadonlySet<string> = new Set(['pinCode', 'trueCryptPassword', 'apiKey']);

/** What a browser may fill in. */
export const autocompletes: Readonly<Record<string, string>> = {
  name: 'name',
  company: 'organization',
  street1: 'address-line1',
  street2: 'address-line2',
  street3: 'address-line3',
  city: 'address-level2',
  stateOrProvince: 'address-level1',
  postalCode: 'postal-code',
  country: 'country-name',
  phoneNumber: 'tel',
};

/** Lists of texts of which there are only these. */
export const knownEntries: Readonly<Record<string, readonly string[]>> = { permissions: ['DESCRIBE', 'SELECT'] };
