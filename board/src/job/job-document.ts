/** What the page of a job reads: everything that the person may see of it. */
import type { JobService, JobState } from '../words.ts';

export interface S3Object {
  readonly bucket: string;
  readonly key: string;
}

export interface SignedUrl {
  readonly url: string;
  readonly expiresAt: string;
}

export interface JobFailure {
  readonly message: string;
  readonly hint: string | null;
  readonly code: string | null;
  readonly assetName: string | null;
  readonly sources: readonly S3Object[];
}

export interface Transition {
  readonly previousState: JobState | null;
  readonly state: JobState;
  readonly observedAt: string;
}

interface AnyJob {
  readonly id: string;
  readonly awsJobId: string;
  readonly state: JobState;
  readonly statusMessage: string | null;
  readonly createdAt: string;
  readonly finishedAt: string | null;
  readonly isFinished: boolean;
  readonly availableActions: readonly ('CANCEL' | 'START' | 'UPDATE')[];
  readonly history: { readonly nodes: readonly (Transition | null)[] };
}

export interface DataExchangeJob extends AnyJob {
  readonly __typename: 'DataExchangeJob';
  readonly service: Extract<JobService, 'DATA_EXCHANGE'>;
  readonly type: string;
  readonly stateCode: string;
  readonly arn: string | null;
  readonly errors: readonly JobFailure[];
  /** Members differ by `__typename`. */
  readonly details: Readonly<Record<string, unknown>> | null;
}

export interface ImportExportJob extends AnyJob {
  readonly __typename: 'ImportExportJob';
  readonly service: Extract<JobService, 'IMPORT_EXPORT'>;
  readonly direction: 'IMPORT' | 'EXPORT';
  readonly manifest?: string | null;
  /** What to write to the root of the disk. */
  readonly signature?: { readonly fileContents: string } | null;
  readonly artifacts?: readonly { readonly description: string; readonly url: string }[];
  readonly device: {
    readonly location: 'NOT_RECEIVED' | 'AT_AWS' | 'RETURNED' | 'UNKNOWN';
    readonly message: string | null;
    readonly returnShipment?: { readonly carrier: string; readonly trackingNumber: string } | null;
  } | null;
  readonly progress: {
    readonly code: string;
    readonly message: string | null;
    readonly errorCount: number | null;
    readonly log: S3Object | null;
  };
}

export type Job = DataExchangeJob | ImportExportJob;

export interface Revision {
  readonly id: string;
  readonly comment: string | null;
  readonly isFinalized: boolean;
  readonly createdAt: string;
}

/** The members of `details` that pages act on; each is of some types only. */
export interface KnownDetails {
  readonly dataSetId?: string | null;
  readonly revision?: Revision | null;
  readonly download?: SignedUrl | null;
  readonly upload?: SignedUrl | null;
  readonly specificationUpload?: SignedUrl | null;
  readonly md5Hash?: string | null;
  readonly specificationMd5Hash?: string | null;
}

export function knownDetails({ details }: DataExchangeJob): KnownDetails {
  return details ?? {};
}

/** Jobs that wait for an upload before they are started. */
const uploadTypes: ReadonlySet<string> = new Set(['IMPORT_ASSET_FROM_SIGNED_URL', 'IMPORT_ASSET_FROM_API_GATEWAY_API']);

export function needsUpload(job: Job): boolean {
  return job.service === 'DATA_EXCHANGE' && uploadTypes.has(job.type);
}

export function jobDocument({ mayReadCatalog, mayReadSecrets }: { mayReadCatalog: boolean; mayReadSecrets: boolean }) {
  const catalog = (selection: string): string => (mayReadCatalog ? selection : '');
  const secret = (selection: string): string => (mayReadSecrets ? selection : '');
  const revision = `revisionId ${catalog('revision { id comment isFinalized createdAt }')}`;
  return `query Job($id: ID!) {
  job(id: $id) {
    __typename id awsJobId service state statusMessage createdAt finishedAt isFinished availableActions
    history(first: 50) { nodes { previousState state observedAt } }
    ... on DataExchangeJob {
      type stateCode arn
      errors { message hint code assetName sources { bucket key } }
      details {
        __typename dataSetId ${catalog('dataSet { name }')}
        ... on CreateS3DataAccessFromS3BucketDetails { ${revision} source { bucket keyPrefixes keys kmsKeyArns } }
        ... on ExportAssetToSignedUrlDetails { ${revision} assetId ${catalog('asset { name sizeBytes }')} ${secret('download { url expiresAt }')} }
        ... on ExportAssetsToS3Details { ${revision} destinations { assetId ${catalog('asset { name }')} bucket key } encryption { type kmsKeyArn } }
        ... on ExportRevisionsToS3Details { destinations { revisionId ${catalog('revision { comment createdAt }')} bucket keyPattern } encryption { type kmsKeyArn } }
        ... on ImportAssetFromApiGatewayApiDetails { ${revision} api { apiId name stage protocol description } specificationMd5Hash ${secret('specificationUpload { url expiresAt }')} }
        ... on ImportAssetFromSignedUrlDetails { ${revision} assetName md5Hash ${secret('upload { url expiresAt }')} }
        ... on ImportAssetsFromLakeFormationTagPolicyDetails { ${revision} catalogId roleArn database { permissions expression { key values } } table { permissions expression { key values } } }
        ... on ImportAssetsFromRedshiftDataSharesDetails { ${revision} dataShareArns }
        ... on ImportAssetsFromS3Details { ${revision} sources { bucket key } }
      }
    }
    ... on ImportExportJob {
      direction ${secret('manifest signature { fileContents } artifacts { description url }')}
      device { location message ${secret('returnShipment { carrier trackingNumber }')} }
      progress { code message errorCount log { bucket key } }
    }
  }
}`;
}
