/** Data Exchange jobs from a position on, newest first, read a page at a time. */
import type { DataExchangeBackend, DataExchangeJobPage, UnreadableEntry } from '../backends/backend.ts';
import { BackendError } from '../model/errors.ts';
import type { DataExchangeJob } from '../model/job.ts';
import type { ListingOptions } from './import-export-listing.ts';
import type { DataExchangePosition } from './job-cursor.ts';
import type { ListedJob } from './job-listing.ts';

/** The most that the service takes as `maxResults`. */
const maxPageSize = 200;

/** How many pages of jobs newer than the position are read before giving up. */
const maxPagesToSkip = 50;

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
  const given = new Set<string>();
  let last = from;
  let { token } = from;
  let pageSize = limit + (from.lastIndex ?? -1) + 1;
  let isSkipping = true;
  // A service that repeats a token would be read for ever.
  while (!seenTokens.has(token)) {
    seenTokens.add(token);
    if (isSkipping && seenTokens.size > maxPagesToSkip) throw tooFarBack();
    const request = {
      limit: Math.min(maxPageSize, pageSize),
      ...(token !== undefined && { nextToken: token }),
      ...(dataSetId !== undefined && { dataSetId }),
    };
    const page = await backend.listJobs(request, { signal });
    const start: number = isSkipping ? startOn(page, from) : 0;
    isSkipping = start === -1;
    if (!isSkipping) last = yield* listedEntries(page, { token, start, last, given });
    if (page.nextToken === null) return;
    token = page.nextToken;
    if (!isSkipping) last = { ...last, token, lastIndex: undefined, unreadable: undefined };
    pageSize = isSkipping ? maxPageSize : limit;
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
  /** Ids of the jobs given out: a list that shifts while it is read, or repeats a page, shows a job twice. */
  readonly given: Set<string>;
}

/** Gives the position after the last entry. That of an entry without an id is told from the job before it. */
function* listedEntries(
  page: DataExchangeJobPage,
  { token, start, last, given }: Listed,
): Generator<ListedJob, DataExchangePosition> {
  let position = last;
  let givenBefore = last.unreadable ?? 0;
  for (let index = start; index <= page.jobs.length; index += 1) {
    for (const [count, { error }] of unreadableBefore(index, page).entries()) {
      if (count < givenBefore) continue;
      position = { ...position, unreadable: count + 1 };
      yield { job: error, positions: { DATA_EXCHANGE: position } };
    }
    givenBefore = 0;
    const job = page.jobs[index];
    if (job === undefined) continue;
    position = positionAfter(job, index, page, token);
    if (given.has(job.awsJobId)) continue;
    given.add(job.awsJobId);
    yield { job, positions: { DATA_EXCHANGE: position } };
  }
  return position;
}

function unreadableBefore(index: number, { unreadable = [] }: DataExchangeJobPage): readonly UnreadableEntry[] {
  return unreadable.filter(({ before }) => before === index);
}

/** After the last job of a page its successor's token is the better position: nothing is read twice. */
function positionAfter(
  job: DataExchangeJob,
  lastIndex: number,
  page: DataExchangeJobPage,
  token: string | undefined,
): DataExchangePosition {
  const last = { lastId: job.awsJobId, notAfter: job.createdAt.getTime() };
  const { jobs, nextToken } = page;
  const isLast = lastIndex === jobs.length - 1 && unreadableBefore(jobs.length, page).length === 0;
  if (isLast && nextToken !== null) return { ...last, token: nextToken };
  return { ...last, lastIndex, ...(token !== undefined && { token }) };
}

function tooFarBack(): BackendError {
  return new BackendError({
    service: 'DATA_EXCHANGE',
    code: 'INVALID_INPUT',
    message: 'Too many jobs were created since this cursor was made. Start again without `after`.',
  });
}
