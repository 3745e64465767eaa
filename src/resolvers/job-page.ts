/** Resolves one page of the jobs of both services. */

import type { GraphQLError, GraphQLResolveInfo } from 'graphql';
import { BackendError } from '../model/errors.ts';
import type { Job } from '../model/job.ts';
import type { JobFilter } from '../model/job-filter.ts';
import type { JobService } from '../model/job-state.ts';
import type { Maybe } from '../model/maybe.ts';
import type { ActivityPlace } from '../watch/streams/activity-place.ts';
import { type Connection, connectionFrom, pageSizeFrom } from './connection.ts';
import type { Context } from './context.ts';
import { invalidArgument, reportEntry } from './failures.ts';
import { cursorFrom, type Positions, positionsFrom } from './job-cursor.ts';
import { type JobFilterInput, type JobSource, jobFilterFrom, jobFilterWithin } from './job-filter.ts';
import { type ListedPage, listPage } from './job-list.ts';

export interface JobsArguments {
  readonly first?: Maybe<number>;
  readonly after?: Maybe<string>;
  readonly filter?: Maybe<JobFilterInput>;
}

export interface JobPage extends Connection<Job | null> {
  readonly unavailableServices: readonly UnavailableService[];
  /** Where the activity was when the page was begun. */
  readonly activityPlace: ActivityPlace;
}

/** A service that could not be listed, and why. */
export interface UnavailableService {
  readonly service: JobService;
  readonly code: BackendError['code'];
  readonly message: string;
  readonly retryAfterMs: number | null;
}

/** Resolves `Query.jobs`. */
export async function jobs(
  _parent: unknown,
  args: JobsArguments,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<JobPage> {
  return jobPage(jobFilterFrom(args.filter), args, context, info);
}

/** As `jobs`, of one data set or revision. The cursors are those of `jobs` with the same filter. */
export async function jobsOf(
  source: JobSource,
  args: JobsArguments,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<JobPage> {
  return jobPage(jobFilterWithin(source, args.filter), args, context, info);
}

/**
 * A service that cannot be listed adds no jobs, and its position in the cursors stays. The page says so as data: Apollo
 * Client throws away the data of a result with errors unless told otherwise.
 */
async function jobPage(
  filter: JobFilter,
  { first, after }: JobsArguments,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<JobPage> {
  const size = pageSizeFrom(first);
  const start = after == null ? {} : positionsOf(after, filter, context);
  const activityPlace = context.watcher.activityPlace();
  const page = await listPage({ start, filter, size }, context);
  if (after != null && page.failures.some(({ code }) => code === 'INVALID_INPUT')) throw unusableCursor();
  for (const { code } of page.failures) context.noteFailure(code);
  for (const [index, { job }] of page.taken.entries()) {
    if (job instanceof BackendError) reportEntry(job, index, context, info);
    else primeLoader(job, context);
  }
  return { ...pageFrom(page, filter, context), activityPlace };
}

/**
 * Resolves `activityCursor`. A change that nobody observes is noticed by the difference to what this page shows: so the
 * log must have that. An event is executed once for readers of several callers, and a cursor has one.
 */
export async function activityCursor(
  { activityPlace, edges }: JobPage,
  _args: unknown,
  { watcher, caller, whenRecorded }: Context,
  { operation }: GraphQLResolveInfo,
): Promise<string | null> {
  if (operation.operation === 'subscription') return null;
  await whenRecorded();
  const isLogged = edges.every(({ node }) => node?.state === undefined || watcher.isRecorded(node, node.state));
  return isLogged ? watcher.activityCursor(activityPlace, caller.id) : null;
}

function positionsOf(after: string, filter: JobFilter, context: Context): Positions {
  const positions = positionsFrom(after, filter, context);
  if (positions === undefined) throw unusableCursor();
  return positions;
}

/** For a cursor of another list, filter or caller, and for one whose token the service no longer accepts. */
function unusableCursor(): GraphQLError {
  return invalidArgument(
    'after',
    'takes a cursor of this list under the same filter; one whose place in the list is gone is not valid any more',
  );
}

/** A list entry contains everything that GetJob returns. */
function primeLoader(job: Job, { loaders }: Context): void {
  if (job.service !== 'DATA_EXCHANGE') return;
  loaders.dataExchangeJob.clear(job.awsJobId);
  loaders.listedJobs.set(job.awsJobId, job);
}

/**
 * Only jobs that are listed make a next page: a client that reads to the end would ask a service that is down page after
 * page. An empty page then ends where it started, so that its `endCursor` asks the service again.
 */
function pageFrom(
  { taken, end, hasMore, failures }: ListedPage,
  filter: JobFilter,
  context: Context,
): Omit<JobPage, 'activityPlace'> {
  const edges = taken.map(({ job, positions }) => ({
    // Computed when selected: signing a cursor takes as long as reading a job.
    get cursor() {
      return cursorFrom(positions, filter, context);
    },
    node: job instanceof BackendError ? null : job,
  }));
  const isOver = !hasMore && failures.length === 0;
  const page = connectionFrom(edges, {
    hasNextPage: hasMore,
    endCursor: () => (isOver && edges.length === 0 ? null : cursorFrom(end, filter, context)),
  });
  return { ...page, unavailableServices: failures.map(unavailableService) };
}

/** A plain object, as the executor throws an `Error` that it meets as a value. */
export function unavailableService({ service, code, message, retryAfterMs }: BackendError): UnavailableService {
  return { service, code, message, retryAfterMs: retryAfterMs === undefined ? null : Math.ceil(retryAfterMs) };
}
