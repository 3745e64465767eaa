/** What the page of a job reads: everything that the person may see of it. */
import { graphql, type ResultOf, type VariablesOf } from '../graphql.ts';

/** In parts, as the compiler reads short texts many times faster than one long. */
const shownImports = graphql(`fragment ShownImports on DataExchangeJobDetails {
  ... on ImportAssetFromApiGatewayApiDetails {
    revisionId revision @include(if: $catalog) { id comment isFinalized createdAt }
    api { apiId name stage protocol description }
    specificationMd5Hash specificationUpload @include(if: $secrets) { url expiresAt }
  }
  ... on ImportAssetFromSignedUrlDetails {
    revisionId revision @include(if: $catalog) { id comment isFinalized createdAt }
    assetName md5Hash upload @include(if: $secrets) { url expiresAt }
  }
  ... on ImportAssetsFromS3Details {
    revisionId revision @include(if: $catalog) { id comment isFinalized createdAt }
    sources { bucket key }
  }
}`);
const shownShares = graphql(`fragment ShownShares on DataExchangeJobDetails {
  ... on CreateS3DataAccessFromS3BucketDetails {
    revisionId revision @include(if: $catalog) { id comment isFinalized createdAt }
    source { bucket keyPrefixes keys kmsKeyArns }
  }
  ... on ImportAssetsFromLakeFormationTagPolicyDetails {
    revisionId revision @include(if: $catalog) { id comment isFinalized createdAt }
    catalogId roleArn
    database { permissions expression { key values } }
    table { permissions expression { key values } }
  }
  ... on ImportAssetsFromRedshiftDataSharesDetails {
    revisionId revision @include(if: $catalog) { id comment isFinalized createdAt }
    dataShareArns
  }
}`);
const shownExports = graphql(`fragment ShownExports on DataExchangeJobDetails {
  ... on ExportAssetToSignedUrlDetails {
    revisionId revision @include(if: $catalog) { id comment isFinalized createdAt }
    assetId asset @include(if: $catalog) { name sizeBytes }
    download @include(if: $secrets) { url expiresAt }
  }
  ... on ExportAssetsToS3Details {
    revisionId revision @include(if: $catalog) { id comment isFinalized createdAt }
    destinations { assetId asset @include(if: $catalog) { name } bucket key }
    encryption { type kmsKeyArn }
  }
  ... on ExportRevisionsToS3Details {
    destinations { revisionId revision @include(if: $catalog) { comment createdAt } bucket keyPattern }
    encryption { type kmsKeyArn }
  }
}`);
const shownDataJob = graphql(
  `fragment ShownDataJob on DataExchangeJob {
  type stateCode arn
  errors { message hint code assetName sources { bucket key } }
  details {
    __typename dataSetId dataSet @include(if: $catalog) { name }
    ...ShownImports ...ShownShares ...ShownExports
  }
}`,
  [shownImports, shownShares, shownExports],
);
const shownDisk = graphql(`fragment ShownDisk on ImportExportJob {
  direction
  manifest @include(if: $secrets)
  signature @include(if: $secrets) { fileContents }
  artifacts @include(if: $secrets) { description url }
  device { location message returnShipment @include(if: $secrets) { carrier trackingNumber } }
  progress { code message errorCount log { bucket key } }
}`);

/** Without `catalog` and `secrets` what needs these rights is not asked for, as it would be refused. */
export const jobDocument = graphql(
  `query Job($id: ID!, $catalog: Boolean!, $secrets: Boolean!) {
  job(id: $id) {
    __typename id awsJobId service state statusMessage createdAt finishedAt isFinished availableActions
    history(first: 50) { nodes { previousState state observedAt } }
    ...ShownDataJob
    ...ShownDisk
  }
}`,
  [shownDataJob, shownDisk],
);

export type JobRead = ResultOf<typeof jobDocument>;
export type Job = NonNullable<JobRead['job']>;
export type DataExchangeJob = Extract<Job, { readonly __typename: 'DataExchangeJob' }>;
export type ImportExportJob = Extract<Job, { readonly __typename: 'ImportExportJob' }>;
export type Transition = NonNullable<Job['history']['nodes'][number]>;
export type S3Object = NonNullable<DataExchangeJob['errors'][number]['sources'][number]>;

/** The members of any of the types of a union; each is of some of them only. */
type Members<Union> = {
  readonly [Name in Union extends unknown ? keyof Union : never]?: Union extends unknown
    ? Name extends keyof Union
      ? Union[Name]
      : never
    : never;
};

type KnownDetails = Members<NonNullable<DataExchangeJob['details']>>;
export type SignedUrl = NonNullable<KnownDetails['upload']>;
export type Revision = NonNullable<KnownDetails['revision']>;

export function knownDetails({ details }: DataExchangeJob): KnownDetails {
  return details ?? {};
}

/** Jobs that wait for an upload before they are started. */
const uploadTypes: ReadonlySet<string> = new Set(['IMPORT_ASSET_FROM_SIGNED_URL', 'IMPORT_ASSET_FROM_API_GATEWAY_API']);

export function needsUpload(job: Job): boolean {
  return job.__typename === 'DataExchangeJob' && uploadTypes.has(job.type);
}

interface Rights {
  readonly mayReadCatalog: boolean;
  readonly mayReadSecrets: boolean;
}

export function jobVariables(id: string, { mayReadCatalog, mayReadSecrets }: Rights): VariablesOf<typeof jobDocument> {
  return { id, catalog: mayReadCatalog, secrets: mayReadSecrets };
}
