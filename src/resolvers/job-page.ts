/** Resolves one page of the jobs of both services. */

import type { GraphQLError, GraphQLResolveInfo } from 'graphql';
import { BackendError } from '../model/errors.ts';
import type { Job } from '../model/job.ts';
import type { JobService } from '../model/job-state.ts';
import type { Maybe } from '../model/maybe.ts';
import { type Connection, connectionFrom, pageSizeFrom } from './connection.ts';
import type { Context } from './context.ts';
import { listDataExchangeJobs } from './data-exchange-listing.ts';
import { invalidArgument, reportEntry } from './failures.ts';
import { listImportExportJobs } from './import-export-listing.ts';
import { cursorFrom, type Positions, positionsFrom } from './job-cursor.ts';
import { checkFilter, type JobFilter, servicesOf } from './job-filter.ts';
import { JobListing } from './job-listing.ts';
import { hasMore, type MergedJob, takeNewest } from './job-merge.ts';

export interface JobsArguments {
  readonly first?: Maybe<number>;
  readonly after?: Maybe<string>;
  readonly filter?: Maybe<JobFilter>;
}

export interface JobPage extends Connection<Job | null> {
  readonly unavailableServices: readonly UnavailableService[];
}

/** A service that could not be listed, and why. */
export interface UnavailableService {
  readonly service: JobService;
  readonly code: BackendError['code'];
  readonly message: string;
  readonly retryAfterMs: number | null;
}

/**
 * A service that cannot be listed adds no jobs, and its position in the cursors stays. The page says so as data: Apollo
 * Client throws away the data of a result with errors unless told otherwise.
 */
export async function jobs(
  _parent: unknown,
  args: JobsArguments,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<JobPage> {
  const size = pageSizeFrom(args.first);
  const start = startOf(args, context);
  const request = { start, filter: args.filter, size };
  const listings = servicesOf(args.filter).map((service) => listingOf(service, request, context));
  const taken = await takeNewest(listings, start, size);
  const isMoreListed = await hasMore(listings);

  const failures = listings.flatMap(({ failure }) => failure ?? []);
  if (args.after != null && failures.some(({ code }) => code === 'INVALID_INPUT')) throw unusableCursor();
  for (const [index, { job }] of taken.entries()) {
    if (job instanceof BackendError) reportEntry(job, index, context, info);
    else primeLoader(job, context);
  }
  return pageFrom({ taken, start, filter: args.filter, isMoreListed, failures }, context);
}

/** Checks what the schema cannot, and returns where the page starts. */
function startOf({ after, filter }: JobsArguments, context: Context): Positions {
  checkFilter(filter);
  if (after == null) return {};
  const start = positionsFrom(after, filter, context);
  if (start === undefined) throw unusableCursor();
  return start;
}

/** For a cursor of another list, filter or caller, and for one whose token the service no longer accepts. */
function unusableCursor(): GraphQLError {
  return invalidArgument('after', 'takes a cursor of this list under the same filter');
}

interface PageRequest {
  readonly start: Positions;
  readonly filter: Maybe<JobFilter>;
  readonly size: number;
}

/** One job more than the page holds shows whether there is a next page. */
function listingOf(
  service: JobService,
  { start, filter, size }: PageRequest,
  { backends, signal }: Context,
): JobListing {
  const options = { limit: size + 1, signal };
  if (service === 'IMPORT_EXPORT') {
    return new JobListing(service, listImportExportJobs(backends.importExport, start[service] ?? {}, options));
  }
  const ofDataSet = filter?.dataSetId == null ? options : { ...options, dataSetId: filter.dataSetId };
  return new JobListing(service, listDataExchangeJobs(backends.dataExchange, start[service] ?? {}, ofDataSet));
}

/** A list entry contains everything that GetJob returns. */
function primeLoader(job: Job, { loaders }: Context): void {
  if (job.service !== 'DATA_EXCHANGE') return;
  loaders.dataExchangeJob.clear(job.awsJobId);
  loaders.listedJobs.set(job.awsJobId, job);
}

interface PageContent {
  readonly taken: readonly MergedJob[];
  readonly start: Positions;
  readonly filter: Maybe<JobFilter>;
  readonly isMoreListed: boolean;
  readonly failures: readonly BackendError[];
}

/**
 * Only jobs that are listed make a next page: a client that reads to the end would ask a service that is down page after
 * page. An empty page then ends where it started, so that its `endCursor` asks the service again.
 */
function pageFrom({ taken, start, filter, isMoreListed, failures }: PageContent, context: Context): JobPage {
  const edges = taken.map(({ job, positions }) => ({
    // Computed when selected: signing a cursor takes as long as reading a job.
    get cursor() {
      return cursorFrom(positions, filter, context);
    },
    node: job instanceof BackendError ? null : job,
  }));
  const page = connectionFrom(edges, {
    hasNextPage: isMoreListed,
    emptyEndCursor: failures.length > 0 ? cursorFrom(start, filter, context) : null,
  });
  return { ...page, unavailableServices: failures.map(unavailableService) };
}

/** A plain object, as the executor throws an `Error` that it meets as a value. */
export function unavailableService({ service, code, message, retryAfterMs }: BackendError): UnavailableService {
  return { service, code, message, retryAfterMs: retryAfterMs === undefined ? null : Math.ceil(retryAfterMs) };
}
