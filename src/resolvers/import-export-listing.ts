/** Import/Export jobs from a position on, newest first, read a page at a time. */
import type { ImportExportBackend } from '../backends/backend.ts';
import type { ImportExportJob } from '../model/job.ts';
import type { ImportExportPosition } from './job-cursor.ts';
import type { ListedJob } from './job-listing.ts';

export interface ListingOptions {
  /** How many jobs are wanted at most. */
  readonly limit: number;
  readonly signal: AbortSignal;
}

/** Pages follow each other by the id of the last job, so jobs that appear meanwhile cannot shift them. */
export async function* listImportExportJobs(
  backend: ImportExportBackend,
  from: ImportExportPosition,
  { limit, signal }: ListingOptions,
): AsyncGenerator<ListedJob, void> {
  let afterAwsJobId = from.lastId;
  let isAtFront = afterAwsJobId === undefined;
  for (;;) {
    const request = { limit, ...(afterAwsJobId !== undefined && { afterAwsJobId }) };
    const { jobs, hasMore } = await backend.listJobs(request, { signal });
    for (const job of jobs) {
      if (isAtFront && isNewer(job, from)) continue;
      isAtFront = false;
      yield { job, positions: { IMPORT_EXPORT: { lastId: job.awsJobId } } };
    }
    const lastId = jobs.at(-1)?.awsJobId;
    // A truncated page that brings nothing new would be asked for again for ever.
    if (!hasMore || lastId === undefined || lastId === afterAwsJobId) return;
    afterAwsJobId = lastId;
  }
}

function isNewer(job: ImportExportJob, { notAfter }: ImportExportPosition): boolean {
  return notAfter !== undefined && job.createdAt !== undefined && job.createdAt.getTime() > notAfter;
}
