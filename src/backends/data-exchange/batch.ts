/** Reads many jobs by few calls. */

import pLimit from 'p-limit';
import type { DataExchangeJob } from '../../model/data-exchange-job.ts';
import { BackendError } from '../../model/errors.ts';
import type { CallOptions, DataExchangeBackend, DataExchangeJobPage } from '../backend.ts';
import { dataExchangePageSize } from '../list-reach.ts';
import { noSuchJob } from './errors.ts';
import { isOnlyAboutLists } from './list-failure.ts';
import { isJobId } from './validate.ts';

/**
 * Max missing jobs for which GetJob is cheaper than a page: a page costs two to ten GetJobs, depending on the size of
 * its jobs.
 */
const maxRest = 8;
const concurrency = 8;
type Outcome = DataExchangeJob | BackendError;

export interface BatchOptions extends CallOptions {
  /** Max number of jobs that are read by GetJob only: two, unless given. */
  readonly maxSingleReads?: number;
}

/** The two reads that a batch uses. */
export type JobReads = Pick<DataExchangeBackend, 'getJob' | 'listJobs'>;

/**
 * Reads each of `awsJobIds`. It reads a few by GetJob; more by pages of the list, whose entries have all that GetJob
 * answers (API reference, `JobEntry`), and the rest by GetJob. Resolves with a job or an error for every id.
 * Jobs from the list lack their signed URLs.
 */
export async function readJobs(
  backend: JobReads,
  awsJobIds: readonly string[],
  { maxSingleReads = 2, ...options }: BatchOptions,
): Promise<Map<string, Outcome>> {
  const outcomes = new Map<string, Outcome>();
  const missing = new Set(awsJobIds.filter(isJobId));
  const settle = (id: string, outcome: Outcome) => {
    outcomes.set(id, outcome);
    missing.delete(id);
  };
  if (missing.size > maxSingleReads) await readByList(backend, missing, settle, options);
  await readOneByOne(backend, missing, settle, options);
  for (const id of awsJobIds) if (!outcomes.has(id)) outcomes.set(id, noSuchJob());
  return outcomes;
}

type Settle = (id: string, outcome: Outcome) => void;

/**
 * Reads pages while they contain missing jobs, so it also ends if the service repeats a token and its page. An error
 * that single reads would get too becomes the outcome of every missing job.
 */
async function readByList(
  backend: JobReads,
  missing: ReadonlySet<string>,
  settle: Settle,
  options: CallOptions,
): Promise<void> {
  let isFirst = true;
  try {
    for await (const jobs of pagesOf(backend, options)) {
      const found = jobs.filter((job) => missing.has(job.awsJobId));
      for (const job of found) settle(job.awsJobId, job);
      if (missing.size <= maxRest || (found.length === 0 && !isFirst)) return;
      isFirst = false;
    }
  } catch (error) {
    const failure = backendError(error);
    if (!isOnlyAboutLists(failure)) for (const id of [...missing]) settle(id, failure);
  }
}

/** The pages of the list, newest jobs first. */
async function* pagesOf(backend: JobReads, options: CallOptions) {
  let nextToken: string | null = null;
  do {
    const request = { limit: dataExchangePageSize, ...(nextToken !== null && { nextToken }) };
    const page: DataExchangeJobPage = await backend.listJobs(request, options);
    yield page.jobs;
    nextToken = page.nextToken;
  } while (nextToken !== null);
}

/** As soon as the service throttles, the remaining jobs get that error without a call. */
async function readOneByOne(
  backend: JobReads,
  missing: ReadonlySet<string>,
  settle: Settle,
  options: CallOptions,
): Promise<void> {
  let throttled: BackendError | undefined;
  const read = async (id: string): Promise<void> => {
    const outcome = throttled ?? (await backend.getJob(id, options).catch(backendError));
    if (outcome instanceof BackendError && outcome.code === 'UPSTREAM_THROTTLED') throttled = outcome;
    settle(id, outcome);
  };
  const ids = [...missing];
  // `pLimit` takes a twentieth of the time of a single read, and this few need no limit.
  await (ids.length <= concurrency ? Promise.all(ids.map(read)) : pLimit(concurrency).map(ids, read));
}

function backendError(error: unknown): BackendError {
  if (error instanceof BackendError) return error;
  throw error;
}
