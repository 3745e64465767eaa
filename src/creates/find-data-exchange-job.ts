/** Finds the Data Exchange jobs that a create with a lost answer may have made. */
import type { DataExchangeBackend } from '../backends/backend.ts';
import type { CallOptions } from '../backends/calls/call-options.ts';
import { dataExchangePageSize } from '../backends/list-reach.ts';
import type { DataExchangeJob } from '../model/data-exchange-job.ts';
import { BackendError } from '../model/errors.ts';
import type { IsTaken, Search, TimeWindow } from './finding.ts';
import type { Fingerprint } from './fingerprint.ts';
import { type ListedPage, listedInWindows } from './listed-in-windows.ts';
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
  const { windows } = search;
  const list = (next: string | null) => listed(next, search);
  const found = await listedInWindows({ list, idOf: ({ awsJobId }) => awsJobId, windows, maxListed });
  const free: DataExchangeJob[] = [];
  let { isReadable } = found;
  let reads = 0;
  for (const job of found.entries) {
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
  return { candidates: candidates.sort((a, b) => a.createdAt - b.createdAt), isWhole: isReadable && !found.isCutOff };
}

function matchOfJob(
  { details, unreadable }: DataExchangeJob,
  { fingerprint, mark }: DataExchangeSearch,
): Match | 'unreadable' {
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

async function listed(
  next: string | null,
  { backend, dataSetId, call }: DataExchangeSearch,
): Promise<ListedPage<DataExchangeJob>> {
  const request = { limit: dataExchangePageSize, dataSetId, ...(next !== null && { nextToken: next }) };
  const { jobs, unreadable = [], nextToken } = await backend.listJobs(request, call);
  return { entries: jobs, unreadable, next: nextToken };
}
