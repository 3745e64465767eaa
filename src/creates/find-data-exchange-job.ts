/** Which Data Exchange job came of a create whose answer was lost. */
import type { CallOptions, DataExchangeBackend } from '../backends/backend.ts';
import type { DataExchangeJob } from '../job.ts';
import type { Trace } from './create-record.ts';
import { earliestOf, type Finding, type IsTaken, isOf, type Moments } from './finding.ts';
import type { Fingerprint } from './fingerprint.ts';
import { workOf } from './requested-work.ts';

type DataExchangeTrace = Extract<Trace, { readonly service: 'DATA_EXCHANGE' }>;

/** Two thousand jobs of one data set within the window of a create. */
const maxPages = 10;

export interface DataExchangeSearch {
  readonly backend: DataExchangeBackend;
  readonly fingerprint: Fingerprint;
  readonly trace: DataExchangeTrace;
  readonly moments: readonly Moments[];
  readonly isTaken: IsTaken;
  readonly call: CallOptions;
}

/** The oldest job that does the same, was created in those moments, and is nobody else's. Throws `BackendError` if the list does not come. */
export async function findDataExchangeJob(search: DataExchangeSearch): Promise<Finding> {
  const listed = await jobsSince(search);
  if (listed === undefined) return { outcome: 'unsure' };
  const candidates = candidatesAmong(listed, search);
  const free: string[] = [];
  for (const { awsJobId } of candidates) if (!(await search.isTaken(awsJobId))) free.push(awsJobId);
  const [awsJobId, ...others] = free;
  return awsJobId === undefined ? { outcome: 'none' } : { outcome: 'found', awsJobId, others };
}

/** Oldest first. */
function candidatesAmong(
  jobs: readonly DataExchangeJob[],
  { fingerprint, trace, moments }: DataExchangeSearch,
): readonly DataExchangeJob[] {
  const alike = jobs.filter(
    ({ createdAt, details }) =>
      isOf(moments, createdAt.getTime()) && details !== null && fingerprint(workOf(details)) === trace.work,
  );
  return alike.sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime());
}

/** Undefined where there are too many to say. Pages may shift while they are read, so that a job comes twice. */
async function jobsSince({ backend, trace, call, moments }: DataExchangeSearch) {
  const since = earliestOf(moments);
  const jobs = new Map<string, DataExchangeJob>();
  let nextToken: string | null = null;
  for (let page = 0; page < maxPages; page += 1) {
    const listed = await backend.listJobs(
      { limit: 200, dataSetId: trace.dataSetId, ...(nextToken !== null && { nextToken }) },
      call,
    );
    for (const job of listed.jobs) jobs.set(job.awsJobId, job);
    nextToken = listed.nextToken;
    const oldest = listed.jobs.at(-1)?.createdAt.getTime() ?? 0;
    if (nextToken === null || oldest < since) return [...jobs.values()];
  }
  return undefined;
}
