/**
 * Converts AWS's input of CreateJob into the equal request of the model, and its member paths into those of the model.
 *
 * It starts from the API's names only, the other way round than `src`, so that it cannot repeat a wrong name of `src`.
 */
import type { DataExchangeJobRequest } from '../../../../src/model/data-exchange-request.ts';

/**
 * Members whose name in the model is not that of the service with a small initial: by member of `Details`, then by
 * path.
 */
const renamed: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  CreateS3DataAccessFromS3Bucket: {
    'AssetSource.KmsKeysToGrant.#.KmsKeyArn': 'kmsKeyArns.#',
    'AssetSource.KmsKeysToGrant': 'kmsKeyArns',
    'AssetSource.KeyPrefixes': 'keyPrefixes',
    'AssetSource.Keys': 'keys',
    'AssetSource.Bucket': 'bucket',
  },
  ExportAssetsToS3: { AssetDestinations: 'destinations' },
  ExportRevisionsToS3: { RevisionDestinations: 'destinations' },
  ImportAssetFromApiGatewayApi: { ApiSpecificationMd5Hash: 'specificationMd5Hash' },
  ImportAssetsFromLakeFormationTagPolicy: { TagKey: 'key', TagValues: 'values' },
  ImportAssetsFromRedshiftDataShares: {
    'AssetSources.#.DataShareArn': 'dataShareArns.#',
    AssetSources: 'dataShareArns',
  },
  ImportAssetsFromS3: { AssetSources: 'sources' },
};

/** `Details.ImportAssetsFromS3.AssetSources[0].Key` as `['importAssetsFromS3', 'sources', '0', 'key']`. */
export function fieldOfMember(member: string): string[] {
  const [, branch = '', ...rest] = member.replace(/\[(\d+)\]/g, '.$1').split('.');
  return [uncapitalised(branch), ...renamedPath(branch, rest)];
}

/** The request for `details`. `ProtocolType` has no counterpart, as it has only one value. */
export function requestFromDetails(details: Readonly<Record<string, unknown>>): DataExchangeJobRequest {
  const request: Record<string, unknown> = {};
  for (const [path, value] of leavesOf(details, [])) {
    if (path.at(-1) === 'ProtocolType') continue;
    const [branch = '', ...rest] = path;
    place(request, [uncapitalised(branch), ...renamedPath(branch, rest)], inOurSpelling(value));
  }
  return request;
}

function renamedPath(branch: string, path: readonly string[]): string[] {
  const numbers = path.filter(isNumber);
  let text = path.map((part) => (isNumber(part) ? '#' : part)).join('.');
  for (const [theirs, ours] of Object.entries(renamed[branch] ?? {})) {
    text = `.${text}.`.replace(`.${theirs}.`, `.${ours}.`).slice(1, -1);
  }
  return text.split('.').map((part) => (part === '#' ? (numbers.shift() ?? '') : uncapitalised(part)));
}

/** Every scalar and every empty list, with its path. */
function leavesOf(value: unknown, path: readonly string[]): [readonly string[], unknown][] {
  if (typeof value !== 'object' || value === null) return [[path, value]];
  const members = Object.entries(value);
  if (members.length === 0) return [[path, value]];
  return members.flatMap(([name, member]) => leavesOf(member, [...path, name]));
}

function place(target: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [name = '', next, ...rest] = path;
  if (next === undefined) {
    target[name] = value;
    return;
  }
  target[name] ??= isNumber(next) ? [] : {};
  place(target[name] as Record<string, unknown>, [next, ...rest], value);
}

function inOurSpelling(value: unknown): unknown {
  return value === 'aws:kms' ? 'AWS_KMS' : value;
}

function isNumber(part: string): boolean {
  return /^\d+$/.test(part);
}

function uncapitalised(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
