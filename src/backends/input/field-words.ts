/** Names the fields of inputs in plain words, for sentences that end users read. */

/** The fields whose names say little, or are not written as they are spoken. */
const words: ReadonlyMap<string, string> = new Map([
  ['apiDescription', 'API description'],
  ['apiId', 'API id'],
  ['apiKey', 'API key'],
  ['apiName', 'API name'],
  ['catalogId', 'id of the Glue Data Catalog'],
  ['customs', 'customs declaration'],
  ['dataShareArns', 'ARNs of datashares'],
  ['deviceHts', 'HTS code of the device'],
  ['expression', 'tags'],
  ['ignore', 'ignored files'],
  ['kmsKeyArn', 'ARN of the KMS key'],
  ['kmsKeyArns', 'ARNs of KMS keys'],
  ['md5Hash', 'MD5 hash'],
  ['notificationEmails', 'e-mail addresses for notifications'],
  ['pinCode', 'PIN code'],
  ['roleArn', 'ARN of the role'],
  ['specificationMd5Hash', 'MD5 hash of the specification'],
  ['stateOrProvince', 'state or province'],
  ['street1', 'first line of the street'],
  ['street2', 'second line of the street'],
  ['street3', 'third line of the street'],
  ['text', 'text of the manifest'],
  ['trueCryptPassword', 'TrueCrypt password'],
]);

/** One entry of a list, where leaving out a last "s" of its name is not enough. */
const entryWords: ReadonlyMap<string, string> = new Map([
  ['dataShareArns', 'ARN of datashare'],
  ['expression', 'tag'],
  ['ignore', 'ignored file'],
  ['keyPrefixes', 'key prefix'],
  ['kmsKeyArns', 'ARN of KMS key'],
  ['notificationEmails', 'e-mail address'],
]);

/** Such as "the bucket of source 2", counted from 1. Empty for the whole input. */
export function fieldWords(path: readonly string[]): string {
  const parts = path.flatMap((name, index) => {
    if (isPosition(name)) return [];
    const next = path[index + 1];
    return [next !== undefined && isPosition(next) ? `${entryOf(name)} ${Number(next) + 1}` : `the ${wordsOf(name)}`];
  });
  return parts.reverse().join(' of ');
}

function isPosition(name: string): boolean {
  return /^\d+$/.test(name);
}

function wordsOf(name: string): string {
  return words.get(name) ?? name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function entryOf(name: string): string {
  return entryWords.get(name) ?? wordsOf(name).replace(/s$/, '');
}
