/** Lists Import/Export jobs after a position, newest first, one page at a time. */

import type { ImportExportBackend, ImportExportJobPage } from '../backends/backend.ts';
import { importExportPageSize } from '../backends/list-reach.ts';
import type { ImportExportPosition } from './job-cursor.ts';
import type { ListedJob, ListedPages } from './job-listing.ts';
import { entriesOf } from './page-entries.ts';
import { ReturnedEntries } from './returned-entries.ts';

export interface ListingOptions {
  /** The number of jobs that the caller wants at most. */
  readonly limit: number;
  readonly signal: AbortSignal;
}

/** A page begins after the id of a job, so new jobs cannot shift it. */
export async function* listImportExportJobs(
  backend: Pick<ImportExportBackend, 'listJobs'>,
  from: ImportExportPosition,
  { limit, signal }: ListingOptions,
): ListedPages {
  const seenMarkers = new Set<string | undefined>();
  const returned = new ReturnedEntries(from.given?.toJSON());
  let last = from;
  let marker = from.lastId;
  // Ends the loop if the service leads back to an earlier marker.
  while (!seenMarkers.has(marker)) {
    seenMarkers.add(marker);
    const request = {
      limit: Math.min(importExportPageSize, limit + (last.unreadable ?? 0)),
      ...(marker !== undefined && { afterAwsJobId: marker }),
    };
    const page = await backend.listJobs(request, { signal });
    const { listed, end } = listedEntries(page, last, returned);
    if (listed.length > 0) yield listed;
    last = end;
    if (page.nextMarker === null) return;
    marker = page.nextMarker;
  }
}

interface ListedPage {
  readonly listed: readonly ListedJob[];
  /** The position after the last entry of the page. */
  readonly end: ImportExportPosition;
}

/**
 * The position of an entry without an id is counted from the job before it: the next page begins with that entry again.
 */
function listedEntries(page: ImportExportJobPage, last: ImportExportPosition, returned: ReturnedEntries): ListedPage {
  const listed: ListedJob[] = [];
  let position = last;
  let returnedBefore = last.unreadable ?? 0;
  for (const item of entriesOf(page.jobs, page.unreadable)) {
    if ('error' in item) {
      returnedBefore -= 1;
      if (returnedBefore >= 0) continue;
      position = positionAfter(item.awsJobId, position);
      listed.push({ job: item.error, positions: { IMPORT_EXPORT: position } });
      continue;
    }
    const { entry: job } = item;
    const { awsJobId, createdAt } = job;
    // A newer job has appeared since the first page.
    if (position.lastId === undefined && createdAt.getTime() > (position.notAfter ?? Number.POSITIVE_INFINITY))
      continue;
    returnedBefore = 0;
    const isNew = returned.add(awsJobId);
    position = { lastId: awsJobId, given: returned.snapshot() };
    if (isNew) listed.push({ job, positions: { IMPORT_EXPORT: position } });
  }
  return { listed, end: position };
}

function positionAfter(awsJobId: string | undefined, position: ImportExportPosition): ImportExportPosition {
  const { given } = position;
  if (awsJobId !== undefined) return { lastId: awsJobId, ...(given !== undefined && { given }) };
  return { ...position, unreadable: (position.unreadable ?? 0) + 1 };
}
