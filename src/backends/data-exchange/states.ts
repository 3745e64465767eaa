/** How the watcher reads the states of Data Exchange jobs: by pages of the list while those bring many, else one by one. */
import pLimit from 'p-limit';
import type { DataExchangeJob } from '../../model/data-exchange-job.ts';
import { isAnomalous } from '../../watch/anomaly.ts';
import type { CallBudget } from '../../watch/budget.ts';
import type { Listing, Reading, Readings, StateSource, Watched } from '../../watch/state-source.ts';
import type { CallOptions, DataExchangeBackend, DataExchangeJobPage } from '../backend.ts';
import { budgeted, failedReading } from '../budgeted.ts';
import { dataExchangePageSize, ListReach } from '../list-reach.ts';

/** Older than any job, yet on a page of a list that was read to its end. */
export const unknownAge = -Number.MAX_VALUE;

/** Reads without a page: this many at once. */
const concurrency = 8;

/**
 * A page costs as much as two to ten GetJobs by the size of its jobs. A walk goes on in vain while that costs no more than reading what
 * is missing one by one: where hundreds of jobs were made in one millisecond, only the next page tells that they are on it.
 */
const readsPerPage = 10;

/** A sweep looks no further back than this many jobs, even where it knows none of them. */
const maxListed = 1_000;

export function dataExchangeStates(backend: DataExchangeBackend, budget: CallBudget): StateSource {
  const reader = new Reader(backend, budget);
  return {
    service: 'DATA_EXCHANGE',
    batchSize: Number.POSITIVE_INFINITY,
    readsPages: true,
    read: (due, watched, signal) => reader.read(due, watched, signal),
    confirm: (awsJobId, signal) => reader.confirm(awsJobId, signal),
    list: (isKnown, signal) => reader.list(isKnown, signal),
  };
}

class Reader {
  readonly #backend: DataExchangeBackend;
  readonly #budget: CallBudget;
  readonly #limit = pLimit(concurrency);
  /** When the last job of each page was created, as of the last walk: it tells which page a job is on. */
  #pageEnds: readonly number[] = [];

  constructor(backend: DataExchangeBackend, budget: CallBudget) {
    this.#backend = backend;
    this.#budget = budget;
  }

  async read(due: readonly string[], watched: ReadonlyMap<string, Watched>, signal: AbortSignal): Promise<Readings> {
    const missing = new Map(due.map((awsJobId) => [awsJobId, createdAtOf(watched.get(awsJobId))]));
    const pages: DataExchangeJobPage[] = [];
    const failure = missing.size > 2 ? await this.#walk(missing, pages, signal) : undefined;
    const listed = pages.flatMap(({ jobs }) => jobs).filter((job) => watched.has(job.awsJobId));
    const byJob = new Map(listed.map((job) => [job.awsJobId, readingFrom(job, watched.get(job.awsJobId))]));
    if (failure !== undefined) for (const awsJobId of missing.keys()) byJob.set(awsJobId, failure);
    const single = failure === undefined ? [...missing.keys()] : [];
    for (const [awsJobId, reading] of await this.#readEach(single, signal)) byJob.set(awsJobId, reading);
    return { byJob, ...(pages.length > 0 && { newest: listingFrom(pages.slice(0, 1)) }) };
  }

  confirm(awsJobId: string, signal: AbortSignal): Promise<Reading> {
    return this.#readOne(awsJobId, signal);
  }

  async list(isKnown: (awsJobId: string) => boolean, signal: AbortSignal): Promise<Listing> {
    const pages: DataExchangeJobPage[] = [];
    const reach = new ListReach(maxListed);
    let nextToken: string | null = null;
    do {
      const page: DataExchangeJobPage = await this.#page(nextToken, signal);
      pages.push(page);
      const isFarEnough = page.jobs.some((job) => isKnown(job.awsJobId)) || !reach.pass(page);
      nextToken = isFarEnough ? null : page.nextToken;
    } while (nextToken !== null);
    return listingFrom(pages);
  }

  /**
   * Reads pages into `pages` and takes what they bring out of `missing`, for as long as a page is worth its call. Gives the
   * reading of all that are left where the service is not to be asked any further now.
   */
  async #walk(
    missing: Map<string, number>,
    pages: DataExchangeJobPage[],
    signal: AbortSignal,
  ): Promise<Reading | undefined> {
    const tokens = new Set<string | null>();
    let nextToken: string | null = null;
    let inVain = 0;
    try {
      while (pages.length < pagesWorthReading([...missing.values()], this.#pageEnds)) {
        const page: DataExchangeJobPage = await this.#page(nextToken, signal);
        const before = missing.size;
        for (const job of page.jobs) missing.delete(job.awsJobId);
        this.#noteEnd(pages.length, page);
        pages.push(page);
        nextToken = page.nextToken;
        // A page further than any walk went before, and for nothing: the rest may be anywhere.
        if (missing.size === before && pages.length === this.#pageEnds.length) inVain += 1;
        const isTooFar = inVain > missing.size / readsPerPage;
        if (nextToken === null || missing.size === 0 || isTooFar || tokens.has(nextToken)) return undefined;
        tokens.add(nextToken);
      }
      return undefined;
    } catch (error) {
      const reading = failedReading(error);
      // IAM may allow GetJob and not ListJobs, and a page as a whole may be broken.
      return isAboutListsAlone(error) ? undefined : reading;
    }
  }

  #noteEnd(index: number, { jobs, nextToken }: DataExchangeJobPage): void {
    const end = nextToken === null ? Number.NEGATIVE_INFINITY : (jobs.at(-1)?.createdAt.getTime() ?? 0);
    const later = nextToken === null ? [] : this.#pageEnds.slice(index + 1);
    this.#pageEnds = [...this.#pageEnds.slice(0, index), end, ...later];
  }

  #page(nextToken: string | null, signal: AbortSignal): Promise<DataExchangeJobPage> {
    const request = { limit: dataExchangePageSize, ...(nextToken !== null && { nextToken }) };
    return budgeted(this.#budget, signal, () => this.#backend.listJobs(request, callOptions(signal)));
  }

  /** Once the service asks for fewer calls, the jobs still waiting for theirs get that same answer instead. */
  #readEach(awsJobIds: readonly string[], signal: AbortSignal): Promise<(readonly [string, Reading])[]> {
    let refusal: Reading | undefined;
    return this.#limit.map(awsJobIds, async (awsJobId) => {
      const reading = refusal ?? (await this.#readOne(awsJobId, signal));
      if (reading.outcome === 'failed' && reading.retryAfterMs !== undefined) refusal = reading;
      return [awsJobId, reading] as const;
    });
  }

  async #readOne(awsJobId: string, signal: AbortSignal): Promise<Reading> {
    try {
      const getJob = () => this.#backend.getJob(awsJobId, callOptions(signal));
      return observed(await budgeted(this.#budget, signal, getJob));
    } catch (error) {
      return failedReading(error);
    }
  }
}

/**
 * How many pages to read so that these and a GetJob for each job beyond them are the fewest calls. `createdAt` are those of
 * the jobs wanted, `unknownAge` where not known; `pageEnds` those of the last job of each page known, `-Infinity` after the
 * last page of all. Beyond these one more page is taken to bring as many as it can. Jobs as old as the last one of a page may
 * be on the next: many are made in one millisecond.
 */
export function pagesWorthReading(createdAt: readonly number[], pageEnds: readonly number[]): number {
  const beyond = (pages: number): number => {
    const end = pageEnds[pages - 1] ?? Number.POSITIVE_INFINITY;
    return createdAt.filter((each) => each <= end).length;
  };
  const known = pageEnds.length;
  const choices = [...pageEnds.keys(), known].map((pages) => ({ pages, calls: pages + beyond(pages) }));
  choices.push({ pages: known + 1, calls: known + 1 + Math.max(0, beyond(known) - dataExchangePageSize) });
  return choices.reduce((best, choice) => (choice.calls < best.calls ? choice : best)).pages;
}

function createdAtOf(watched: Watched | undefined): number {
  return watched?.latest?.job.createdAt?.getTime() ?? unknownAge;
}

/**
 * What a list tells of a job. Whether lists lag behind GetJob is not known: so a step forward is believed, since no job goes back
 * to where it was, and what would be a step back is doubted.
 */
function readingFrom(job: DataExchangeJob, { latest, priorState }: Watched = unobserved): Reading {
  const isBehind = latest?.job.service === 'DATA_EXCHANGE' && job.updatedAt < latest.job.updatedAt;
  const before = latest?.state ?? priorState;
  const isBack = before !== undefined && before !== job.state && isAnomalous('DATA_EXCHANGE', before, job.state);
  return isBehind || isBack ? { outcome: 'unconfirmed' } : observed(job);
}

const unobserved: Watched = { latest: undefined, priorState: undefined };

/** Where the service throttles or is down, a GetJob for each job would only add to it. */
function isAboutListsAlone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && listCodes.has(error.code);
}

const listCodes: ReadonlySet<unknown> = new Set(['ACCESS_DENIED', 'UPSTREAM_BAD_RESPONSE', 'UPSTREAM_REJECTED']);

/** Of pages from the first one on. What cannot be read may be any job. */
function listingFrom(pages: readonly DataExchangeJobPage[]): Listing {
  const observed = pages.flatMap(({ jobs }) => jobs.map((job) => ({ job, state: job.state })));
  const isReadable = pages.every(({ unreadable }) => unreadable === undefined);
  return { observed, unread: [], isWhole: isReadable && pages.at(-1)?.nextToken === null };
}

function observed(job: DataExchangeJob): Reading {
  return { outcome: 'observed', job, state: job.state };
}

function callOptions(signal: AbortSignal): CallOptions {
  return { signal, purpose: 'poll' };
}
