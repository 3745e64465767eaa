/** Reads many jobs by few calls. */
import type { DataExchangeJob } from '../../model/data-exchange-job.ts';
import type { DataExchangeBackend } from '../backend.ts';
import { dataExchangePageSize } from '../list-reach.ts';
import { type BatchOptions, type Outcome, readBatch } from './batch.ts';
import { isAwsId } from './constraints.ts';
import { noSuch } from './errors.ts';

/** A page costs two to ten GetJobs, depending on the size of its jobs. */
const maxRest = 8;

/** The two reads that a batch uses. */
export type JobReads = Pick<DataExchangeBackend, 'getJob' | 'listJobs'>;

/**
 * Reads each of `awsJobIds`, by GetJob or by pages of the list, newest jobs first, whose entries have all that GetJob
 * answers (API reference, `JobEntry`). Resolves with a job or an error for every id. Jobs from the list lack their
 * signed URLs.
 */
export async function readJobs(
  backend: JobReads,
  awsJobIds: readonly string[],
  { maxSingleReads = 2, ...options }: BatchOptions,
): Promise<Map<string, Outcome<DataExchangeJob>>> {
  const outcomes = await readBatch(
    {
      lists: [
        async (nextToken, callOptions) => {
          const request = { limit: dataExchangePageSize, ...(nextToken !== null && { nextToken }) };
          const { jobs, nextToken: next } = await backend.listJobs(request, callOptions);
          return { entries: jobs, nextToken: next };
        },
      ],
      idOf: (job) => job.awsJobId,
      readOne: (awsJobId, callOptions) => backend.getJob(awsJobId, callOptions),
      maxSingleReads,
      maxRest,
      // The newest page may have none of them, and the next one many.
      goesOn: (found, pages) => found > 0 || pages === 1,
    },
    awsJobIds.filter(isAwsId),
    options,
  );
  for (const id of awsJobIds) if (!outcomes.has(id)) outcomes.set(id, noSuch('JOB'));
  return outcomes;
}
