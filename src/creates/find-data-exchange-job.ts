/** Which Data Exchange jobs may have come of a create whose answer was lost. */
import type { CallOptions, DataExchangeBackend, DataExchangeJobPage } from '../backends/backend.ts';
import { dataExchangePageSize, ListReach } from '../backends/list-reach.ts';
import type { DataExchangeJob } from '../model/data-exchange-job.ts';
import { BackendError } from '../model/errors.ts';
import { earliestOf, hasUnreadableSince, type IsTaken, isOf, isOlder, type Moments, type Search } from './finding.ts';
import type { Fingerprint } from './fingerprint.ts';
import { type Likeness, likeness, markShown, type WorkMark } from './work-mark.ts';

/** Of one data set within the window of a create. */
const maxListed = 2_000;

/** Number of jobs that are read one by one because the list does not show all that was asked for. */
const maxReads = 10;

export interface DataExchangeSearch {
  readonly backend: DataExchangeBackend;
  readonly fingerprint: Fingerprint;
  readonly dataSetId: string;
  readonly mark: WorkMark;
  readonly moments: readonly Moments[];
  readonly isTaken: IsTaken;
  readonly call: CallOptions;
}

/**
 * The jobs that do the same as far as the service shows it, were created in those moments, and are nobody else's. Throws
 * `BackendError` if the list does not come.
 */
export async function findDataExchangeJobs(search: DataExchangeSearch): Promise<Search> {
  const listed = await jobsSince(search);
  const free: DataExchangeJob[] = [];
  let isReadable = true;
  let reads = 0;
  for (const job of listed.jobs) {
    let like = likenessOf(job, search);
    if (like === 'different' || (await search.isTaken(job.awsJobId))) continue;
    if (like !== 'same' && reads < maxReads) {
      reads += 1;
      like = likenessOf(await readAgain(job, search), search);
    }
    if (like === 'unreadable') isReadable = false;
    else if (like !== 'different') free.push(job);
  }
  const candidates = free.map(({ awsJobId, createdAt, state }) => ({
    awsJobId,
    createdAt: createdAt.getTime(),
    isWaiting: state === 'WAITING',
  }));
  return { candidates: candidates.sort((a, b) => a.createdAt - b.createdAt), isWhole: listed.isWhole && isReadable };
}

function likenessOf(
  { createdAt, details, unreadable }: DataExchangeJob,
  search: DataExchangeSearch,
): Likeness | 'unreadable' {
  const { fingerprint, mark, moments } = search;
  if (!isOf(moments, createdAt.getTime())) return 'different';
  // A type that is newer than this gateway was not asked for by it.
  const like = details === null ? 'different' : likeness(mark, markShown(details, fingerprint));
  const isUnread = unreadable?.some((path) => path.startsWith('Details')) ?? false;
  return like === 'different' && isUnread ? 'unreadable' : like;
}

/** What a list leaves out, GetJob may show. A job that cannot be read is what the list said of it. */
async function readAgain(job: DataExchangeJob, { backend, call }: DataExchangeSearch): Promise<DataExchangeJob> {
  try {
    return await backend.getJob(job.awsJobId, call);
  } catch (error) {
    if (error instanceof BackendError) return job;
    throw error;
  }
}

/**
 * Not whole where there are too many, or where an entry cannot be read that may be the job. Pages may shift while they are read,
 * so that a job comes twice.
 */
async function jobsSince({ backend, dataSetId, call, moments }: DataExchangeSearch) {
  const since = earliestOf(moments);
  const jobs = new Map<string, DataExchangeJob>();
  const reach = new ListReach(maxListed);
  let isReadable = true;
  let nextToken: string | null = null;
  for (;;) {
    const request = { limit: dataExchangePageSize, dataSetId, ...(nextToken !== null && { nextToken }) };
    const listed: DataExchangeJobPage = await backend.listJobs(request, call);
    for (const job of listed.jobs) jobs.set(job.awsJobId, job);
    if (hasUnreadableSince(listed, since)) isReadable = false;
    nextToken = listed.nextToken;
    if (nextToken === null || isOlder(listed, since)) return { jobs: [...jobs.values()], isWhole: isReadable };
    if (!reach.pass(listed)) return { jobs: [...jobs.values()], isWhole: false };
  }
}
