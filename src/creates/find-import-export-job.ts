/** Which Import/Export jobs came of a create whose answer was lost. */
import type { CallOptions, ImportExportBackend, ImportExportJobPage } from '../backends/backend.ts';
import { ListReach } from '../backends/list-reach.ts';
import { BackendError } from '../model/errors.ts';
import type { ImportExportJob } from '../model/import-export-job.ts';
import type { Trace } from './create-record.ts';
import {
  type Candidate,
  earliestOf,
  hasUnreadableSince,
  type IsTaken,
  isOf,
  isOlder,
  type Moments,
  type Search,
} from './finding.ts';

type ImportExportTrace = Extract<Trace, { readonly service: 'IMPORT_EXPORT' }>;

/** Max number of jobs that a search reads: an account has fifty new ones a day. */
const maxCandidates = 10;
const pageSize = 100;

/** Twenty days of an account that makes as many jobs as it may. */
const maxListed = 1_000;

export interface ImportExportSearch {
  readonly backend: ImportExportBackend;
  readonly trace: ImportExportTrace;
  readonly dispatchedAt: number;
  readonly moments: readonly Moments[];
  readonly isTaken: IsTaken;
  readonly call: CallOptions;
}

/**
 * The jobs whose manifests carry the mark. Two attempts may have made two, and whoever copies a manifest makes another. Throws
 * `BackendError` if the list or a status does not come.
 */
export async function findImportExportJobs(search: ImportExportSearch): Promise<Search> {
  const listed = await jobsThen(search);
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
  // What carries the mark is enough, whatever could not be read beside it.
  isWhole ||= candidates.length > 0;
  return { candidates: candidates.sort((a, b) => a.createdAt - b.createdAt), isWhole };
}

/** Those most likely to be it, first. */
function nearestTo(dispatchedAt: number, jobs: readonly ImportExportJob[]): readonly ImportExportJob[] {
  const distance = ({ createdAt }: ImportExportJob) => Math.abs((createdAt?.getTime() ?? 0) - dispatchedAt);
  return [...jobs].sort((a, b) => distance(a) - distance(b)).slice(0, maxCandidates);
}

async function jobsThen({ backend, moments, call }: ImportExportSearch) {
  const since = earliestOf(moments);
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
    if (marker === null || isOlder(listed, since)) return { jobs: madeThen(jobs, moments), isWhole: isReadable };
    if (!reach.pass(listed)) return { jobs: madeThen(jobs, moments), isWhole: false };
  }
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
