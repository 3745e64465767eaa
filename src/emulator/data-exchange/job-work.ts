/** Performs the work of a job. */
import type { SignedUrlStore } from '../signed-urls/signed-url-store.ts';
import { limitErrors } from './asset-limits.ts';
import { addAsset, type Catalog, type NewAsset, revisionOf } from './catalog.ts';
import type { Job } from './job.ts';
import { type JobError, JobFailure } from './job-failure.ts';

export interface WorkOptions {
  readonly catalog: Catalog;
  readonly signedUrls: SignedUrlStore;
}

/** Performs the job's work as of the instant `at` and returns its errors; without errors the job is completed. */
export function performWork(job: Job, at: number, { catalog, signedUrls }: WorkOptions): readonly JobError[] {
  try {
    const { assets, download } = job.request.work({ catalog, upload: job.upload, startedAt: job.startedAt });
    if (assets !== undefined) addToRevisions(job, assets, at, catalog);
    if (download !== undefined) job.download = signedUrls.issue({ method: 'GET', bytes: download }, at);
    return [];
  } catch (error) {
    if (error instanceof JobFailure) return error.errors;
    throw error;
  }
}

/** The import fails if the revision was finalized while the job ran. */
function addToRevisions(job: Job, assets: readonly NewAsset[], at: number, catalog: Catalog): void {
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
