/** Data Exchange jobs from a position on, newest first, read a page at a time. */
import type { DataExchangeBackend, DataExchangeJobPage } from '../backends/backend.ts';
import { dataExchangePageSize, ListReach } from '../backends/list-reach.ts';
import type { DataExchangeJob } from '../model/data-exchange-job.ts';
import { BackendError } from '../model/errors.ts';
import { GivenJobs } from './given-jobs.ts';
import type { ListingOptions } from './import-export-listing.ts';
import type { DataExchangePosition } from './job-cursor.ts';
import type { ListedJob } from './job-listing.ts';
import { entriesOf } from './page-entries.ts';

/** How many jobs newer than the position, or given out before, are read in a row before giving up. */
const maxPassedOver = 10_000;

/**
 * Only whole pages have a token, so a position within one is found again by reading that page and skipping what was given
 * out. Jobs that appeared meanwhile may have pushed it down, even onto a later page.
 */
export async function* listDataExchangeJobs(
  backend: DataExchangeBackend,
  from: DataExchangePosition,
  { limit, signal, dataSetId }: ListingOptions & { readonly dataSetId?: string },
): AsyncGenerator<ListedJob, void> {
  const seenTokens = new Set<string | undefined>();
  const given = new GivenJobs(from.given);
  let reach = new ListReach(maxPassedOver);
  let last = from;
  let { token } = from;
  let pageSize = limit + (from.lastIndex ?? -1) + 1;
  let isSkipping = true;
  // A service that repeats a token would be read for ever.
  while (!seenTokens.has(token)) {
    seenTokens.add(token);
    const request = {
      limit: Math.min(dataExchangePageSize, pageSize),
      ...(token !== undefined && { nextToken: token }),
      ...(dataSetId !== undefined && { dataSetId }),
    };
    const page = await backend.listJobs(request, { signal });
    const start: number = isSkipping ? startOn(page, from) : 0;
    isSkipping = start === -1;
    const before = last;
    if (!isSkipping) last = yield* listedEntries(page, { token, start, last, given });
    if (page.nextToken === null) return;
    if (last !== before) reach = new ListReach(maxPassedOver);
    else if (!reach.pass(page)) throw isSkipping ? tooFarBack() : endless();
    token = page.nextToken;
    if (!isSkipping) last = { ...last, token, lastIndex: undefined, unreadable: undefined };
    pageSize = isSkipping ? dataExchangePageSize : limit;
  }
}

/** The index of the first job of `page` still to be given out; -1 if all of them come before the position. */
function startOn({ jobs, unreadable = [] }: DataExchangeJobPage, from: DataExchangePosition): number {
  if (jobs.length === 0 && unreadable.length > 0) return 0;
  const lastIndex = jobs.findIndex((job) => job.awsJobId === from.lastId);
  if (from.notAfter === undefined && lastIndex === -1) return 0;
  return lastIndex === -1 ? jobs.findIndex((job) => isPast(job, from)) : lastIndex + 1;
}

/**
 * Whether `job` comes after a position whose last job is not on the page. Of jobs created at the same instant as that one,
 * those on a page that begins after it are still to come; on its own page they may as well have been given out, and it is
 * looked for further on.
 */
function isPast(job: DataExchangeJob, { lastIndex, notAfter }: DataExchangePosition): boolean {
  if (notAfter === undefined) return true;
  const createdAt = job.createdAt.getTime();
  return lastIndex === undefined ? createdAt <= notAfter : createdAt < notAfter;
}

interface Listed {
  readonly token: string | undefined;
  readonly start: number;
  /** After what was given out before. */
  readonly last: DataExchangePosition;
  /** A list that shifts while it is read, or repeats a page, shows a job twice. */
  readonly given: GivenJobs;
}

/**
 * Gives the position after the last entry that it gave out, which is `last` where there was none. That of an entry that cannot be
 * read is told from the job before it.
 */
function* listedEntries(
  page: DataExchangeJobPage,
  { token, start, last, given }: Listed,
): Generator<ListedJob, DataExchangePosition> {
  let position = last;
  let givenBefore = last.unreadable ?? 0;
  for (const entry of entriesOf(page, start)) {
    if ('error' in entry) {
      givenBefore -= 1;
      if (givenBefore >= 0) continue;
      position = { ...position, unreadable: (position.unreadable ?? 0) + 1 };
      yield { job: entry.error, positions: { DATA_EXCHANGE: position } };
      continue;
    }
    const { job, index } = entry;
    givenBefore = 0;
    if (given.has(job.awsJobId)) continue;
    given.add(job.awsJobId);
    position = { ...positionAfter(job, index, page, token), given: given.toString() };
    yield { job, positions: { DATA_EXCHANGE: position } };
  }
  return position;
}

/** After the last job of a page its successor's token is the better position: nothing is read twice. */
function positionAfter(
  job: DataExchangeJob,
  lastIndex: number,
  page: DataExchangeJobPage,
  token: string | undefined,
): DataExchangePosition {
  const last = { lastId: job.awsJobId, notAfter: job.createdAt.getTime() };
  const { jobs, unreadable = [], nextToken } = page;
  const isLast = lastIndex === jobs.length - 1 && !unreadable.some(({ before }) => before === jobs.length);
  if (isLast && nextToken !== null) return { ...last, token: nextToken };
  return { ...last, lastIndex, ...(token !== undefined && { token }) };
}

function endless(): BackendError {
  return new BackendError({
    service: 'DATA_EXCHANGE',
    code: 'UPSTREAM_BAD_RESPONSE',
    message: 'AWS Data Exchange lists page after page without another job.',
  });
}

function tooFarBack(): BackendError {
  return new BackendError({
    service: 'DATA_EXCHANGE',
    code: 'INVALID_INPUT',
    message: 'Too many jobs were created since this cursor was made. Start again without `after`.',
  });
}
