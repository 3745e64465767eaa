/** Merges several listings into one list, newest first. */
import { BackendError } from '../model/errors.ts';
import type { Job } from '../model/job.ts';
import type { Positions } from './job-cursor.ts';
import type { ListedJob, Listing } from './job-listing.ts';

/** A job, or the error of an unreadable entry, and the positions of all listings after it. */
export interface MergedJob {
  readonly job: Job | BackendError;
  readonly positions: Positions;
}

/**
 * The next `count` jobs from `start` on; fewer where the listings end, fail or stop early. A listing that stops early
 * keeps older jobs of the others back, so that the order holds over all pages.
 */
export async function takeNewest(
  listings: readonly Listing[],
  start: Positions,
  count: number,
): Promise<readonly MergedJob[]> {
  const taken: MergedJob[] = [];
  let positions = start;
  while (taken.length < count) {
    const newest = newestOf(listings);
    const age = newest === undefined ? Number.NEGATIVE_INFINITY : ageKey(newest.listed.job);
    const unread = listings.filter((listing) => listing.needsRead(age));
    if (unread.length > 0) {
      await Promise.all(unread.map((listing) => listing.read()));
      continue;
    }
    if (newest === undefined || listings.some((listing) => listing.blocks(age))) break;
    newest.listing.advance();
    positions = positionsAfter(newest.listed, positions, listings);
    taken.push({ job: newest.listed.job, positions });
  }
  return taken;
}

/**
 * Whether any listing has another job, or may have one. Stops at the first, to save reads of the others. Reads each
 * at most once: the next page reads on.
 */
export async function hasMore(listings: readonly Listing[]): Promise<boolean> {
  if (listings.some(({ head }) => head !== undefined)) return true;
  for (const listing of listings) {
    if (listing.needsRead(Number.NEGATIVE_INFINITY)) await listing.read();
    if (listing.head !== undefined || listing.isUnfinished) return true;
  }
  return false;
}

/**
 * `positions`, moved behind the jobs that the listings have left out. A listing from which nothing was taken or left out
 * gets one as well, as in `positionsAfter`.
 */
export function positionsBeyond(positions: Positions, listings: readonly Listing[]): Positions {
  const beyond: MutablePositions = { ...positions };
  for (const { service, failure, head, leftOut } of listings) {
    if (leftOut !== undefined) Object.assign(beyond, leftOut);
    const notAfter = head === undefined || failure !== undefined ? undefined : createdAtOf(head.job);
    if (beyond[service] === undefined && notAfter !== undefined) beyond[service] = { notAfter };
  }
  return beyond;
}

type MutablePositions = { -readonly [Service in keyof Positions]: Positions[Service] };

interface Head {
  readonly listing: Listing;
  readonly listed: ListedJob;
}

/**
 * The listing whose next job is the newest. Of jobs created at the same instant, that of the first listing always comes
 * first.
 */
function newestOf(listings: readonly Listing[]): Head | undefined {
  let newest: Head | undefined;
  for (const listing of listings) {
    const { head } = listing;
    if (head === undefined) continue;
    if (newest === undefined || ageKey(head.job) > ageKey(newest.listed.job)) newest = { listing, listed: head };
  }
  return newest;
}

/** A job of unknown age counts as the newest, which keeps the order of its own service. */
export function ageKey(job: Job | BackendError): number {
  return createdAtOf(job) ?? Number.POSITIVE_INFINITY;
}

function createdAtOf(job: Job | BackendError): number | undefined {
  return job instanceof BackendError ? undefined : job.createdAt?.getTime();
}

/**
 * The positions after `listed`. Listings from which no job was taken yet get one as well: jobs that appear in them later
 * than this job belong before it, not on later pages. A listing that failed gets none, as its jobs are not known.
 */
function positionsAfter({ job, positions }: ListedJob, before: Positions, listings: readonly Listing[]): Positions {
  const after: MutablePositions = { ...before, ...positions };
  for (const { leftOut } of listings) if (leftOut !== undefined) Object.assign(after, leftOut);
  const notAfter = createdAtOf(job);
  if (notAfter === undefined) return after;
  for (const { service, failure } of listings)
    if (after[service] === undefined && failure === undefined) after[service] = { notAfter };
  return after;
}
