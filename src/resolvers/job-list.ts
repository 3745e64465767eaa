/** Lists one page of the jobs that a filter admits, newest first. */
import type { Backends, DataExchangeBackend, ImportExportBackend } from '../backends/backend.ts';
import { dataExchangePageSize, importExportPageSize } from '../backends/list-reach.ts';
import type { BackendError } from '../model/errors.ts';
import { admitsService, type JobFilter, needsWalk } from '../model/job-filter.ts';
import type { JobService } from '../model/job-state.ts';
import type { Context } from './context.ts';
import { listDataExchangeJobs } from './data-exchange-listing.ts';
import { type ListingOptions, listImportExportJobs } from './import-export-listing.ts';
import type { Positions } from './job-cursor.ts';
import { JobListing, type ListedPages, type Listing } from './job-listing.ts';
import { hasMore, type MergedJob, positionsBeyond, takeNewest } from './job-merge.ts';
import { walkJobs } from './job-walk.ts';
import { WalkBudget } from './walk-budget.ts';
import { WalkedListing } from './walked-listing.ts';

export interface PageRequest {
  readonly start: Positions;
  readonly filter: JobFilter;
  readonly size: number;
  /** For a filter that the services cannot apply. Absent: the whole budget of a page. */
  readonly budget?: WalkBudget;
}

export interface ListedPage {
  readonly taken: readonly MergedJob[];
  /** Behind the jobs taken and those that the filter left out. */
  readonly end: Positions;
  /** Whether there are more jobs, or may be: a walk can stop early. */
  readonly hasMore: boolean;
  readonly failures: readonly BackendError[];
}

export type ListContext = Pick<Context, 'backends' | 'loaders' | 'now' | 'signal' | 'watcher'>;

/** Of jobs created at the same instant, that of the first service comes first. */
const order: readonly JobService[] = ['IMPORT_EXPORT', 'DATA_EXCHANGE'];

export async function listPage(request: PageRequest, context: ListContext): Promise<ListedPage> {
  const { start, filter, size } = request;
  const services = order.filter((service) => admitsService(filter, service));
  const listings = needsWalk(filter) ? walksOf(services, request, context) : listsOf(services, request, context);
  const taken = await takeNewest(listings, start, size);
  const isMoreListed = await hasMore(listings);
  return {
    taken,
    end: positionsBeyond(taken.at(-1)?.positions ?? start, listings),
    hasMore: isMoreListed,
    failures: listings.flatMap(({ failure }) => failure ?? []),
  };
}

/** One job more than the page holds shows whether there is a next page. */
function listsOf(services: readonly JobService[], request: PageRequest, context: ListContext): readonly Listing[] {
  const { backends, signal } = context;
  const limit = request.size + 1;
  return services.map((service) => new JobListing(service, pagesOf(service, { ...request, backends, signal, limit })));
}

/** A walk reads the largest pages, as it passes over more jobs of most lists than it takes. */
function walksOf(services: readonly JobService[], request: PageRequest, context: ListContext): readonly Listing[] {
  const { filter, budget = new WalkBudget(() => context.now()) } = request;
  const { backends, loaders, signal, watcher } = context;
  return services.map((service) => {
    const limit = service === 'DATA_EXCHANGE' ? dataExchangePageSize : importExportPageSize;
    const pages = pagesOf(service, { ...request, backends: countedLists(backends, budget), signal, limit });
    const runs = walkJobs(pages, {
      filter,
      budget,
      lastState: (job) => watcher.lastState(job),
      readStatus: (awsJobId) => loaders.importExportStatus.load(awsJobId),
    });
    return new WalkedListing(service, runs);
  });
}

interface PagesRequest extends Pick<PageRequest, 'filter' | 'start'>, ListingOptions {
  readonly backends: Lists;
}

/** The lists of both services. */
interface Lists {
  readonly dataExchange: Pick<DataExchangeBackend, 'listJobs'>;
  readonly importExport: Pick<ImportExportBackend, 'listJobs'>;
}

function pagesOf(service: JobService, { start, filter, backends, limit, signal }: PagesRequest): ListedPages {
  if (service === 'IMPORT_EXPORT') {
    return listImportExportJobs(backends.importExport, start[service] ?? {}, { limit, signal });
  }
  const { dataSetId, revisionId } = filter;
  return listDataExchangeJobs(backends.dataExchange, start[service] ?? {}, {
    limit,
    signal,
    ...(dataSetId !== undefined && { dataSetId }),
    ...(revisionId !== undefined && { revisionId }),
  });
}

/** The first list of each service is part of every page; the others count. */
function countedLists({ dataExchange, importExport }: Backends, budget: WalkBudget): Lists {
  let calls = 0;
  const count = (): void => {
    calls += 1;
    if (calls > 1) budget.spend(1);
  };
  return {
    dataExchange: {
      listJobs: (...args) => {
        count();
        return dataExchange.listJobs(...args);
      },
    },
    importExport: {
      listJobs: (...args) => {
        count();
        return importExport.listJobs(...args);
      },
    },
  };
}
