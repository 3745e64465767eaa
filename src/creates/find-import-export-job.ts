/** Finds the Import/Export jobs of a create with a lost answer, by the mark in their manifests. */
import type { ImportExportBackend } from '../backends/backend.ts';
import type { CallOptions } from '../backends/calls/call-options.ts';
import { isCallerError } from '../model/errors.ts';
import type { ListedImportExportJob } from '../model/import-export-job.ts';
import { findMarked, type ListedEntry, type Reading } from './find-marked.ts';
import type { IsTaken, Search, TimeWindow } from './finding.ts';
import type { ListedPage } from './listed-in-windows.ts';

/** Max number of jobs that a search reads: an account has fifty new ones a day. */
const maxRead = 10;
const pageSize = 100;

/** Twenty days of an account at that limit. */
const maxListed = 1_000;

export interface ImportExportSearch {
  readonly backend: ImportExportBackend;
  readonly generator: string;
  readonly dispatchedAt: number;
  readonly windows: readonly TimeWindow[];
  readonly isTaken: IsTaken;
  readonly call: CallOptions;
}

/**
 * Returns the jobs whose manifests carry the mark: two attempts may have made two, and a copied manifest makes another.
 * Throws `BackendError` if the list or a status fails. Jobs that are not read now may be taken by a repeat, which then
 * reads others: so nothing is out of reach.
 */
export async function findImportExportJobs(search: ImportExportSearch): Promise<Search> {
  const list = (next: string | null) => listed(next, search);
  const readMark = (awsJobId: string) => readManifest(awsJobId, search);
  const { dispatchedAt, windows, isTaken } = search;
  const reading = { list, readMark, maxListed, maxRead, readAtOnce: 1 };
  const { candidates, isWhole } = await findMarked({ dispatchedAt, windows, isTaken, ...reading });
  return { candidates, isWhole };
}

async function listed(next: string | null, { backend, call }: ImportExportSearch): Promise<ListedPage<ListedEntry>> {
  const request = { limit: pageSize, ...(next !== null && { afterAwsJobId: next }) };
  const { jobs, unreadable = [], nextMarker } = await backend.listJobs(request, call);
  return { entries: jobs.map(entryFrom), unreadable, next: nextMarker };
}

function entryFrom({ awsJobId, createdAt, state }: ListedImportExportJob): ListedEntry {
  return { awsId: awsJobId, createdAt, isWaiting: state !== 'CANCELLED' };
}

/** The service may no longer answer about a cancelled or expired job. */
async function readManifest(awsJobId: string, { backend, generator, call }: ImportExportSearch): Promise<Reading> {
  try {
    const { manifest } = await backend.getDocuments(awsJobId, call);
    if (manifest === null) return 'unreadable';
    return manifest.reveal().includes(generator) ? 'yes' : 'no';
  } catch (error) {
    if (isCallerError(error)) return 'unreadable';
    throw error;
  }
}
