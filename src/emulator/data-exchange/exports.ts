/** What exports need at the moment of their work, and the download that one kind of them makes. */
import { bucketFault } from '../buckets.ts';
import { assetOf, type Catalog, revisionOf } from './catalog.ts';
import type { JobError } from './job.ts';
import { JobFailure } from './job-failure.ts';
import type { JobRequest } from './job-request.ts';
import { keyFrom } from './key-pattern.ts';

/** What is to be downloaded, or undefined where the export goes to S3. Throws `JobFailure`. */
export function exportedBytes({ type, details }: JobRequest, catalog: Catalog): Uint8Array | undefined {
  switch (type) {
    case 'EXPORT_ASSETS_TO_S3':
      for (const { Bucket } of details.AssetDestinations) checkBucket(Bucket);
      return undefined;
    case 'EXPORT_REVISIONS_TO_S3':
      for (const destination of details.RevisionDestinations) checkDestination(details.DataSetId, destination, catalog);
      return undefined;
    case 'EXPORT_ASSET_TO_SIGNED_URL':
      return contentOf(details, catalog);
    default:
      return undefined;
  }
}

type RevisionDestination = Extract<
  JobRequest,
  { type: 'EXPORT_REVISIONS_TO_S3' }
>['details']['RevisionDestinations'][number];

/** Two assets under one key fail the export (Data Exchange User Guide, "Key patterns"). */
function checkDestination(dataSetId: string, destination: RevisionDestination, catalog: Catalog): void {
  checkBucket(destination.Bucket);
  const dataSet = catalog.dataSet(dataSetId);
  const revision = revisionOf(dataSet, destination.RevisionId);
  const keys = [...revision.assets.values()].map((asset) =>
    keyFrom(destination.KeyPattern, { asset, dataSet, revision }),
  );
  if (new Set(keys).size < keys.length) {
    throw failure('VALIDATION_EXCEPTION', 'Two assets have the same object key.', 'REVISION', revision.id);
  }
}

function checkBucket(bucket: string): void {
  const fault = bucketFault(bucket);
  if (fault === undefined) return;
  const code = fault === 'forbidden' ? 'ACCESS_DENIED_EXCEPTION' : 'RESOURCE_NOT_FOUND_EXCEPTION';
  throw failure(code, `Cannot write to the bucket ${bucket}.`, 'ASSET');
}

interface AssetReference {
  readonly DataSetId: string;
  readonly RevisionId: string;
  readonly AssetId: string;
}

function contentOf({ DataSetId, RevisionId, AssetId }: AssetReference, catalog: Catalog): Uint8Array {
  const { content } = assetOf(revisionOf(catalog.dataSet(DataSetId), RevisionId), AssetId);
  if (content === undefined) throw failure('VALIDATION_EXCEPTION', 'The asset is not a file.', 'ASSET', AssetId);
  return content;
}

function failure(
  Code: JobError['Code'],
  Message: string,
  ResourceType: JobError['ResourceType'],
  ResourceId?: string,
): JobFailure {
  return new JobFailure([{ Code, Message, ResourceId, ResourceType }]);
}
