/** Merges several listings into one list, newest first. */
import { BackendError } from '../model/errors.ts';
import type { Job } from '../model/job.ts';
import type { Positions } from './job-cursor.ts';
import type { JobListing, ListedJob } from './job-listing.ts';

/** A job, or the error of an unreadable entry, and the positions of all listings after it. */
export interface MergedJob {
  readonly job: Job | BackendError;
  readonly positions: Positions;
}

/** The next `count` jobs from `start` on; fewer where the listings end or fail. */
export async function takeNewest(
  listings: readonly JobListing[],
  start: Positions,
  count: number,
): Promise<readonly MergedJob[]> {
  const taken: MergedJob[] = [];
  let positions = start;
  while (taken.length < count) {
    const unread = listings.filter(({ needsRead }) => needsRead);
    if (unread.length > 0) await Promise.all(unread.map((listing) => listing.read()));
    const newest = newestOf(listings);
    if (newest === undefined) break;
    newest.listing.advance();
    positions = positionsAfter(newest.listed, positions, listings);
    taken.push({ job: newest.listed.job, positions });
  }
  return taken;
}

/** Whether any listing has another job. Stops at the first that has one, to save reads of the others. */
export async function hasMore(listings: readonly JobListing[]): Promise<boolean> {
  for (const listing of listings) {
    if (listing.needsRead) await listing.read();
    if (listing.head !== undefined) return true;
  }
  return false;
}

interface Head {
  readonly listing: JobListing;
  readonly listed: ListedJob;
}

/**
 * The listing whose next job is the newest. Of jobs created at the same instant, that of the first listing always comes
 * first.
 */
function newestOf(listings: readonly JobListing[]): Head | undefined {
  let newest: Head | undefined;
  for (const listing of listings) {
    const { head } = listing;
    if (head === undefined) continue;
    if (newest === undefined || ageKey(head.job) > ageKey(newest.listed.job)) newest = { listing, listed: head };
  }
  return newest;
}

/** A job of unknown age counts as the newest, which keeps the order of its own service. */
function ageKey(job: Job | BackendError): number {
  if (job instanceof BackendError) return Number.POSITIVE_INFINITY;
  return job.createdAt?.getTime() ?? Number.POSITIVE_INFINITY;
}

/**
 * The positions after `listed`. Listings from which no job was taken yet get one as well: jobs that appear in them later
 * than this job belong before it, not on later pages. A listing that failed gets none, as its jobs are not known.
 */
function positionsAfter({ job, positions }: ListedJob, before: Positions, listings: readonly JobListing[]): Positions {
  const after: { -readonly [Service in keyof Positions]: Positions[Service] } = { ...before, ...positions };
  const notAfter = job instanceof BackendError ? undefined : job.createdAt?.getTime();
  if (notAfter === undefined) return after;
  for (const { service, failure } of listings)
    if (after[service] === undefined && failure === undefined) after[service] = { notAfter };
  return after;
}
