/** What a started job does once its time has come. */
import type { SignedUrlStore } from '../signed-urls/signed-url-store.ts';
import { limitErrors } from './asset-limits.ts';
import { addAsset, type Catalog, revisionOf } from './catalog.ts';
import { exportedBytes } from './exports.ts';
import { importedAssets } from './imports.ts';
import type { Job, JobError } from './job.ts';
import { JobFailure } from './job-failure.ts';
import { revisionIdsOf } from './references.ts';

export interface Workplace {
  readonly catalog: Catalog;
  readonly signedUrls: SignedUrlStore;
}

/** Does the job's work as of the instant `at` and returns its errors; none means that it is completed. */
export function workOff(job: Job, at: number, workplace: Workplace): readonly JobError[] {
  try {
    const assets = importedAssets(job);
    if (assets !== undefined) deliver(job, assets, at, workplace.catalog);
    const bytes = exportedBytes(job.request, workplace.catalog) ?? importedSpecification(job);
    if (bytes !== undefined) job.download = workplace.signedUrls.issue({ method: 'GET', bytes }, at);
    return [];
  } catch (error) {
    if (error instanceof JobFailure) return error.errors;
    throw error;
  }
}

/** A completed import of an API offers what was uploaded (User Guide, its sample reply). */
function importedSpecification({ request, upload }: Job): Uint8Array | undefined {
  return request.type === 'IMPORT_ASSET_FROM_API_GATEWAY_API' ? upload?.purpose.received?.bytes : undefined;
}

/** The revision may have been finalized while the job ran; then the import fails. */
function deliver(job: Job, assets: NonNullable<ReturnType<typeof importedAssets>>, at: number, catalog: Catalog): void {
  const dataSet = catalog.dataSet(job.request.details.DataSetId);
  for (const revisionId of revisionIdsOf(job.request)) {
    const revision = revisionOf(dataSet, revisionId);
    if (revision.isFinalized) throw new JobFailure([finalizedError(revisionId)]);
    const errors = limitErrors(revision, assets);
    if (errors.length > 0) throw new JobFailure(errors);
    for (const asset of assets) addAsset(revision, asset, at);
  }
}

function finalizedError(revisionId: string): JobError {
  return {
    Code: 'VALIDATION_EXCEPTION',
    Message: 'The revision is finalized.',
    ResourceId: revisionId,
    ResourceType: 'REVISION',
  };
}
