/** How many jobs are read in few calls. */

import pLimit from 'p-limit';
import type { DataExchangeJob } from '../../model/data-exchange-job.ts';
import { BackendError, type CallerErrorCode, type UpstreamErrorCode } from '../../model/errors.ts';
import type { CallOptions, DataExchangeBackend, DataExchangeJobPage } from '../backend.ts';
import { dataExchangePageSize } from '../list-reach.ts';
import { noSuchJob } from './errors.ts';
import { isJobId } from './validate.ts';

/** Fewer missing jobs than this are not worth a page, which costs as much as two to ten GetJobs by the size of its jobs. */
const maxSingleReads = 8;
const maxReadsAtOnce = 8;
type Outcome = DataExchangeJob | BackendError;

/** The two reads that a batch is made of. */
export type JobReads = Pick<DataExchangeBackend, 'getJob' | 'listJobs'>;

/**
 * Reads each of `awsJobIds`. One or two are read by GetJob; of more, the newest come by pages of the list, whose entries hold
 * all that GetJob answers (API reference, `JobEntry`), and what is left by GetJob. Gives a job or an error for every id and
 * rejects for none of them. Jobs from the list lack their signed URLs.
 */
export async function readJobs(
  backend: JobReads,
  awsJobIds: readonly string[],
  options: CallOptions,
): Promise<Map<string, Outcome>> {
  const outcomes = new Map<string, Outcome>(awsJobIds.map((id) => [id, noSuchJob()]));
  const missing = new Set([...outcomes.keys()].filter(isJobId));
  const settle = (id: string, outcome: Outcome) => {
    outcomes.set(id, outcome);
    missing.delete(id);
  };
  if (missing.size > 2) await readByList(backend, missing, settle, options);
  await readOneByOne(backend, missing, settle, options);
  return outcomes;
}

type Settle = (id: string, outcome: Outcome) => void;

/**
 * Reads pages while they bring what is missing: so it also ends where the service repeats a token, and with it a page. An
 * error that single reads would meet as well goes to every missing job.
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
      if (missing.size <= maxSingleReads || (found.length === 0 && !isFirst)) return;
      isFirst = false;
    }
  } catch (error) {
    const failure = backendError(error);
    if (!isAboutListsAlone(failure)) for (const id of [...missing]) settle(id, failure);
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

/** Once the service asks for fewer calls, the jobs still waiting for theirs get that same answer instead. */
async function readOneByOne(
  backend: JobReads,
  missing: ReadonlySet<string>,
  settle: Settle,
  options: CallOptions,
): Promise<void> {
  let throttled: BackendError | undefined;
  await pLimit(maxReadsAtOnce).map([...missing], async (id) => {
    const outcome = throttled ?? (await backend.getJob(id, options).catch(backendError));
    if (outcome instanceof BackendError && outcome.code === 'UPSTREAM_THROTTLED') throttled = outcome;
    settle(id, outcome);
  });
}

const codesThatStopAll: ReadonlySet<CallerErrorCode | UpstreamErrorCode> = new Set([
  'CLOCK_SKEW',
  'CREDENTIALS_UNAVAILABLE',
  'UPSTREAM_BUSY',
  'UPSTREAM_THROTTLED',
  'UPSTREAM_TIMEOUT',
  'UPSTREAM_UNAVAILABLE',
] as const);

/**
 * Whether single reads may do better: IAM may allow GetJob and not ListJobs, and a page as a whole may be broken. Where the
 * service is overloaded, down or closed to us, a GetJob for each job would only add to it.
 */
function isAboutListsAlone({ code }: BackendError): boolean {
  return !codesThatStopAll.has(code);
}

function backendError(error: unknown): BackendError {
  if (error instanceof BackendError) return error;
  throw error;
}
