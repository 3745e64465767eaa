/** What a started job does once its time has come. */
import type { SignedUrlStore } from '../signed-urls/signed-url-store.ts';
import { limitErrors } from './asset-limits.ts';
import { addAsset, type Catalog, type NewAsset, revisionOf } from './catalog.ts';
import type { Job } from './job.ts';
import { type JobError, JobFailure } from './job-failure.ts';

export interface WorkOptions {
  readonly catalog: Catalog;
  readonly signedUrls: SignedUrlStore;
}

/** Does the job's work as of the instant `at` and returns its errors; none means that it is completed. */
export function workOff(job: Job, at: number, { catalog, signedUrls }: WorkOptions): readonly JobError[] {
  try {
    const { assets, download } = job.request.work({ catalog, upload: job.upload, startedAt: job.startedAt });
    if (assets !== undefined) deliver(job, assets, at, catalog);
    if (download !== undefined) job.download = signedUrls.issue({ method: 'GET', bytes: download }, at);
    return [];
  } catch (error) {
    if (error instanceof JobFailure) return error.errors;
    throw error;
  }
}

/** The revision may have been finalized while the job ran; then the import fails. */
function deliver(job: Job, assets: readonly NewAsset[], at: number, catalog: Catalog): void {
  const dataSet = catalog.dataSet(job.request.details.DataSetId);
  for (const revisionId of job.request.revisionIds) {
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
