/** Which Import/Export job came of a create whose answer was lost. */
import type { CallOptions, ImportExportBackend } from '../backends/backend.ts';
import { BackendError } from '../errors.ts';
import type { ImportExportJob } from '../job.ts';
import type { Trace } from './create-record.ts';
import { earliestOf, type Finding, type IsTaken, isOf, type Moments } from './finding.ts';

type ImportExportTrace = Extract<Trace, { readonly service: 'IMPORT_EXPORT' }>;

/** So many jobs are read at most: an account has fifty new ones a day. */
const maxCandidates = 10;
const pageSize = 100;
const maxPages = 3;

export interface ImportExportSearch {
  readonly backend: ImportExportBackend;
  readonly trace: ImportExportTrace;
  readonly dispatchedAt: number;
  readonly moments: readonly Moments[];
  readonly isTaken: IsTaken;
  readonly call: CallOptions;
}

/** The job whose manifest carries the mark. Throws `BackendError` if the list or a status does not come. */
export async function findImportExportJob(search: ImportExportSearch): Promise<Finding> {
  const listed = await jobsThen(search);
  const free: ImportExportJob[] = [];
  for (const job of listed.jobs) if (!(await search.isTaken(job.awsJobId))) free.push(job);
  const candidates = nearestTo(search.dispatchedAt, free);
  let isSure = listed.isWhole && candidates.length === free.length;
  for (const { awsJobId } of candidates) {
    const reading = await carriesMark(awsJobId, search);
    if (reading === 'yes') return { outcome: 'found', awsJobId, others: [] };
    if (reading === 'unreadable') isSure = false;
  }
  return { outcome: isSure ? 'none' : 'unsure' };
}

/** Those most likely to be it, first. */
function nearestTo(dispatchedAt: number, jobs: readonly ImportExportJob[]): readonly ImportExportJob[] {
  const distance = ({ createdAt }: ImportExportJob) => Math.abs((createdAt?.getTime() ?? 0) - dispatchedAt);
  return [...jobs].sort((a, b) => distance(a) - distance(b)).slice(0, maxCandidates);
}

async function jobsThen({ backend, moments, call }: ImportExportSearch) {
  const since = earliestOf(moments);
  const jobs: ImportExportJob[] = [];
  for (let page = 0; page < maxPages; page += 1) {
    const last = jobs.at(-1)?.awsJobId;
    const listed = await backend.listJobs(
      { limit: pageSize, ...(last !== undefined && { afterAwsJobId: last }) },
      call,
    );
    jobs.push(...listed.jobs);
    const isPast = (listed.jobs.at(-1)?.createdAt?.getTime() ?? 0) < since;
    if (!listed.hasMore || isPast) return { jobs: madeThen(jobs, moments), isWhole: true };
  }
  return { jobs: madeThen(jobs, moments), isWhole: false };
}

function madeThen(jobs: readonly ImportExportJob[], moments: readonly Moments[]): readonly ImportExportJob[] {
  return jobs.filter(({ createdAt }) => createdAt !== undefined && isOf(moments, createdAt.getTime()));
}

/** A job that was cancelled or has expired may no longer be told about. */
async function carriesMark(awsJobId: string, { backend, trace, call }: ImportExportSearch) {
  try {
    const { manifest } = await backend.getDocuments(awsJobId, call);
    if (manifest === null) return 'unreadable';
    return manifest.reveal().includes(trace.generator) ? 'yes' : 'no';
  } catch (error) {
    if (error instanceof BackendError && error.fault === 'caller') return 'unreadable';
    throw error;
  }
}
