/** Import/Export jobs from a position on, newest first, read a page at a time. */

import type { ImportExportBackend, ImportExportJobPage } from '../backends/backend.ts';
import { importExportPageSize } from '../backends/list-reach.ts';
import { GivenJobs } from './given-jobs.ts';
import type { ImportExportPosition } from './job-cursor.ts';
import type { ListedJob } from './job-listing.ts';
import { entriesOf } from './page-entries.ts';

export interface ListingOptions {
  /** How many jobs are wanted at most. */
  readonly limit: number;
  readonly signal: AbortSignal;
}

/** Pages follow each other by the id of the last job, so jobs that appear meanwhile cannot shift them. */
export async function* listImportExportJobs(
  backend: ImportExportBackend,
  from: ImportExportPosition,
  { limit, signal }: ListingOptions,
): AsyncGenerator<ListedJob, void> {
  const seenMarkers = new Set<string | undefined>();
  const given = new GivenJobs(from.given);
  let last = from;
  let marker = from.lastId;
  // A truncated page that leads back to where the list was read before would be asked for again for ever.
  while (!seenMarkers.has(marker)) {
    seenMarkers.add(marker);
    const request = {
      limit: Math.min(importExportPageSize, limit + (last.unreadable ?? 0)),
      ...(marker !== undefined && { afterAwsJobId: marker }),
    };
    const page = await backend.listJobs(request, { signal });
    last = yield* listedEntries(page, last, given);
    if (page.nextMarker === null) return;
    marker = page.nextMarker;
  }
}

/**
 * Gives the position after the last entry. An entry without an id is told from the job before it: the next page begins with it
 * once more.
 */
function* listedEntries(
  page: ImportExportJobPage,
  last: ImportExportPosition,
  given: GivenJobs,
): Generator<ListedJob, ImportExportPosition> {
  let position = last;
  let givenBefore = last.unreadable ?? 0;
  for (const entry of entriesOf(page)) {
    if ('error' in entry) {
      givenBefore -= 1;
      if (givenBefore >= 0) continue;
      position = positionBehind(entry.awsJobId, position);
      yield { job: entry.error, positions: { IMPORT_EXPORT: position } };
      continue;
    }
    const { awsJobId, createdAt } = entry.job;
    // Jobs before the first one that was not given out have appeared since.
    if (position.lastId === undefined && createdAt.getTime() > (position.notAfter ?? Number.POSITIVE_INFINITY))
      continue;
    givenBefore = 0;
    const isGiven = given.has(awsJobId);
    given.add(awsJobId);
    position = { lastId: awsJobId, given: given.toString() };
    if (!isGiven) yield { job: entry.job, positions: { IMPORT_EXPORT: position } };
  }
  return position;
}

function positionBehind(awsJobId: string | undefined, position: ImportExportPosition): ImportExportPosition {
  const { given } = position;
  if (awsJobId !== undefined) return { lastId: awsJobId, ...(given !== undefined && { given }) };
  return { ...position, unreadable: (position.unreadable ?? 0) + 1 };
}
