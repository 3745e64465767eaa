/** Finds the Data Exchange jobs that a create with a lost answer may have made. */
import type { DataExchangeBackend, DataExchangeJobPage } from '../backends/backend.ts';
import type { CallOptions } from '../backends/calls/call-options.ts';
import { dataExchangePageSize, ListReach } from '../backends/list-reach.ts';
import type { DataExchangeJob } from '../model/data-exchange-job.ts';
import { BackendError } from '../model/errors.ts';
import {
  earliestOf,
  hasUnreadableSince,
  type IsTaken,
  isOlder,
  isWithin,
  type Search,
  type TimeWindow,
} from './finding.ts';
import type { Fingerprint } from './fingerprint.ts';
import { type Match, markOfReply, matchOf, type WorkMark } from './work-mark.ts';

/** Max number of jobs of one data set that are listed. */
const maxListed = 2_000;

/** Max number of jobs that are read one by one because the list does not show everything of the request. */
const maxReads = 10;

export interface DataExchangeSearch {
  readonly backend: DataExchangeBackend;
  readonly fingerprint: Fingerprint;
  readonly dataSetId: string;
  readonly mark: WorkMark;
  readonly windows: readonly TimeWindow[];
  readonly isTaken: IsTaken;
  readonly call: CallOptions;
}

/**
 * Returns the jobs that match as far as the service shows, were created in the windows, and are not taken. Throws
 * `BackendError` if the list fails.
 */
export async function findDataExchangeJobs(search: DataExchangeSearch): Promise<Search> {
  const listed = await jobsSince(search);
  const free: DataExchangeJob[] = [];
  let isReadable = true;
  let reads = 0;
  for (const job of listed.jobs) {
    let match = matchOfJob(job, search);
    if (match === 'different' || (await search.isTaken(job.awsJobId))) continue;
    if (match !== 'same' && reads < maxReads) {
      reads += 1;
      match = matchOfJob(await readAgain(job, search), search);
    }
    if (match === 'unreadable') isReadable = false;
    else if (match !== 'different') free.push(job);
  }
  const candidates = free.map(({ awsJobId, createdAt, state }) => ({
    awsId: awsJobId,
    createdAt: createdAt.getTime(),
    isWaiting: state === 'WAITING',
  }));
  return { candidates: candidates.sort((a, b) => a.createdAt - b.createdAt), isWhole: listed.isWhole && isReadable };
}

function matchOfJob(
  { createdAt, details, unreadable }: DataExchangeJob,
  search: DataExchangeSearch,
): Match | 'unreadable' {
  const { fingerprint, mark, windows } = search;
  if (!isWithin(windows, createdAt.getTime())) return 'different';
  // This gateway cannot have requested a type that it does not know.
  const match = details === null ? 'different' : matchOf(mark, markOfReply(details, fingerprint));
  const isUnread = unreadable?.some((path) => path.startsWith('Details')) ?? false;
  return match === 'different' && isUnread ? 'unreadable' : match;
}

/** GetJob may show what a list leaves out. If it fails, the list's entry is used. */
async function readAgain(job: DataExchangeJob, { backend, call }: DataExchangeSearch): Promise<DataExchangeJob> {
  try {
    return await backend.getJob(job.awsJobId, call);
  } catch (error) {
    if (error instanceof BackendError) return job;
    throw error;
  }
}

/**
 * Incomplete if there are too many jobs, or if an unreadable entry may be the job. Pages may shift between reads, so
 * that a job comes twice.
 */
async function jobsSince({ backend, dataSetId, call, windows }: DataExchangeSearch) {
  const since = earliestOf(windows);
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
    if (!reach.canContinueAfter(listed)) return { jobs: [...jobs.values()], isWhole: false };
  }
}
