/** Finds the Import/Export jobs of a create with a lost answer. */
import type { ImportExportBackend, ImportExportJobPage } from '../backends/backend.ts';
import type { CallOptions } from '../backends/calls/call-options.ts';
import { ListReach } from '../backends/list-reach.ts';
import { BackendError } from '../model/errors.ts';
import type { ImportExportJob } from '../model/import-export-job.ts';
import type { Trace } from './create-record.ts';
import {
  type Candidate,
  earliestOf,
  hasUnreadableSince,
  type IsTaken,
  isOlder,
  isWithin,
  type Search,
  type TimeWindow,
} from './finding.ts';

type ImportExportTrace = Extract<Trace, { readonly service: 'IMPORT_EXPORT' }>;

/** Max number of jobs that a search reads: an account has fifty new ones a day. */
const maxCandidates = 10;
const pageSize = 100;

/** Twenty days of an account at that limit. */
const maxListed = 1_000;

export interface ImportExportSearch {
  readonly backend: ImportExportBackend;
  readonly trace: ImportExportTrace;
  readonly dispatchedAt: number;
  readonly windows: readonly TimeWindow[];
  readonly isTaken: IsTaken;
  readonly call: CallOptions;
}

/**
 * Returns the jobs whose manifests carry the mark: two attempts may have made two, and a copied manifest makes another.
 * Throws `BackendError` if the list or a status fails.
 */
export async function findImportExportJobs(search: ImportExportSearch): Promise<Search> {
  const listed = await jobsInWindows(search);
  const free: ImportExportJob[] = [];
  for (const job of listed.jobs) if (!(await search.isTaken(job.awsJobId))) free.push(job);
  const nearest = nearestTo(search.dispatchedAt, free);
  const candidates: Candidate[] = [];
  let isWhole = listed.isWhole && nearest.length === free.length;
  for (const { awsJobId, createdAt, state } of nearest) {
    const reading = await carriesMark(awsJobId, search);
    const job = { awsJobId, createdAt: createdAt?.getTime() ?? 0, isWaiting: state !== 'CANCELLED' };
    if (reading === 'yes') candidates.push(job);
    if (reading === 'unreadable') isWhole = false;
  }
  // A job with the mark is enough, whatever could not be read.
  isWhole ||= candidates.length > 0;
  return { candidates: candidates.sort((a, b) => a.createdAt - b.createdAt), isWhole };
}

/** The most likely jobs, first. */
function nearestTo(dispatchedAt: number, jobs: readonly ImportExportJob[]): readonly ImportExportJob[] {
  const distance = ({ createdAt }: ImportExportJob) => Math.abs((createdAt?.getTime() ?? 0) - dispatchedAt);
  return [...jobs].sort((a, b) => distance(a) - distance(b)).slice(0, maxCandidates);
}

async function jobsInWindows({ backend, windows, call }: ImportExportSearch) {
  const since = earliestOf(windows);
  const jobs: ImportExportJob[] = [];
  const reach = new ListReach(maxListed);
  let isReadable = true;
  let marker: string | null = null;
  for (;;) {
    const request = { limit: pageSize, ...(marker !== null && { afterAwsJobId: marker }) };
    const listed: ImportExportJobPage = await backend.listJobs(request, call);
    jobs.push(...listed.jobs);
    if (hasUnreadableSince(listed, since)) isReadable = false;
    marker = listed.nextMarker;
    if (marker === null || isOlder(listed, since)) return { jobs: createdWithin(jobs, windows), isWhole: isReadable };
    if (!reach.canContinueAfter(listed)) return { jobs: createdWithin(jobs, windows), isWhole: false };
  }
}

function createdWithin(jobs: readonly ImportExportJob[], windows: readonly TimeWindow[]): readonly ImportExportJob[] {
  return jobs.filter(({ createdAt }) => createdAt !== undefined && isWithin(windows, createdAt.getTime()));
}

/** The service may no longer answer about a cancelled or expired job. */
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
