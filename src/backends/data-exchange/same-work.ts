/**
 * By what a job of each type is known to do what a request asked for, declared member by member: the one place that says
 * which members of a reply can be relied on.
 *
 * From the service model (`RequestDetails` and `ResponseDetails`) and from replies met in the wild: the User Guide's own
 * samples of an API Gateway job lack its name and its MD5 hash, and the `Md5Hash` of a signed URL's job is optional.
 */
import type { DataExchangeJobDetails } from '../../model/job.ts';
import type { DataExchangeJobRequest } from '../../model/job-request.ts';
import type { RequestBranch } from './request-details.ts';

/** How a reply treats a member of the request. What it repeats, it repeats word for word; the order of lists never counts. */
export type Member =
  /** Every reply repeats it. */
  | { readonly reply: 'repeats' }
  /** Every reply repeats the list, whose items are made of these members. */
  | { readonly reply: 'repeats'; readonly items: Members }
  /** A reply may leave it out. Where the request left it out, a reply may show any value (`true`), this one, or none. */
  | { readonly reply: 'may leave out'; readonly fillsIn: boolean | string; readonly parts?: Members }
  /** No reply repeats it. */
  | { readonly reply: 'never repeats' };

export type Members = { readonly [name: string]: Member };

type MembersOf<Request> = { readonly [Name in keyof Required<Request>]: Member };

const repeated = { reply: 'repeats' } as const;
const optional = { reply: 'may leave out', fillsIn: false } as const;
const completed = { reply: 'may leave out', fillsIn: true } as const;
const revision = { dataSetId: repeated, revisionId: repeated };

/** S3 has a default of its own for each bucket, which a reply may show. */
const encryption = { ...completed, parts: { type: completed, kmsKeyArn: completed } } as const;

const sameWork: { readonly [B in RequestBranch]: MembersOf<NonNullable<DataExchangeJobRequest[B]>> } = {
  createS3DataAccessFromS3Bucket: {
    ...revision,
    bucket: repeated,
    keyPrefixes: optional,
    keys: optional,
    kmsKeyArns: optional,
  },
  exportAssetToSignedUrl: { ...revision, assetId: repeated },
  exportAssetsToS3: {
    ...revision,
    destinations: { ...repeated, items: { assetId: repeated, bucket: repeated, key: completed } },
    encryption,
  },
  exportRevisionsToS3: {
    dataSetId: repeated,
    destinations: {
      ...repeated,
      // The pattern where nobody says otherwise (User Guide, "Key patterns").
      items: { revisionId: repeated, bucket: repeated, keyPattern: { ...optional, fillsIn: `\${Asset.Name}` } },
    },
    encryption,
  },
  importAssetFromApiGatewayApi: {
    ...revision,
    apiId: repeated,
    apiName: optional,
    apiDescription: optional,
    apiKey: { reply: 'never repeats' },
    specificationMd5Hash: optional,
    stage: repeated,
  },
  importAssetFromSignedUrl: { ...revision, assetName: repeated, md5Hash: optional },
  importAssetsFromLakeFormationTagPolicy: {
    ...revision,
    catalogId: repeated,
    roleArn: repeated,
    database: optional,
    table: optional,
  },
  importAssetsFromRedshiftDataShares: { ...revision, dataShareArns: repeated },
  importAssetsFromS3: { ...revision, sources: repeated },
};

/** What a job does: by a request, or as far as a reply shows it. */
export interface Work {
  readonly branch: RequestBranch;
  readonly members: Members;
  /** By the names of `members`. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** Undefined where nothing is asked for. */
export function workAsked(request: DataExchangeJobRequest): Work | undefined {
  for (const [branch, values] of Object.entries(request)) {
    if (values != null && isBranch(branch)) return { branch, members: sameWork[branch], values: { ...values } };
  }
  return undefined;
}

export function workShown(details: DataExchangeJobDetails): Work {
  const branch = branchesByType[details.type];
  return { branch, members: sameWork[branch], values: valuesIn(details) };
}

function isBranch(name: string): name is RequestBranch {
  return Object.hasOwn(sameWork, name);
}

const branchesByType: Readonly<Record<DataExchangeJobDetails['type'], RequestBranch>> = {
  CREATE_S3_DATA_ACCESS_FROM_S3_BUCKET: 'createS3DataAccessFromS3Bucket',
  EXPORT_ASSETS_TO_S3: 'exportAssetsToS3',
  EXPORT_ASSET_TO_SIGNED_URL: 'exportAssetToSignedUrl',
  EXPORT_REVISIONS_TO_S3: 'exportRevisionsToS3',
  IMPORT_ASSETS_FROM_LAKE_FORMATION_TAG_POLICY: 'importAssetsFromLakeFormationTagPolicy',
  IMPORT_ASSETS_FROM_REDSHIFT_DATA_SHARES: 'importAssetsFromRedshiftDataShares',
  IMPORT_ASSETS_FROM_S3: 'importAssetsFromS3',
  IMPORT_ASSET_FROM_API_GATEWAY_API: 'importAssetFromApiGatewayApi',
  IMPORT_ASSET_FROM_SIGNED_URL: 'importAssetFromSignedUrl',
};

/** The members of a request under their names there. Only those that are declared are looked at. */
function valuesIn(details: DataExchangeJobDetails): Readonly<Record<string, unknown>> {
  if (details.type === 'CREATE_S3_DATA_ACCESS_FROM_S3_BUCKET') return { ...details, ...details.source };
  if (details.type !== 'IMPORT_ASSET_FROM_API_GATEWAY_API') return { ...details };
  const { id, name, description, stage } = details.api;
  return { ...details, apiId: id, apiName: name, apiDescription: description, stage };
}
