/**
 * Reads the states of Data Exchange jobs for the watcher, by pages of the list or one by one: what takes fewer calls.
 */
import pLimit from 'p-limit';
import type { DataExchangeJob } from '../../model/data-exchange-job.ts';
import { isAnomalous } from '../../watch/anomaly.ts';
import type { CallBudget } from '../../watch/budget.ts';
import type { Listing, Reading, Readings, StateSource, Watched } from '../../watch/state-source.ts';
import type { DataExchangeBackend, DataExchangeJobPage } from '../backend.ts';
import { budgeted, failedReading } from '../budgeted.ts';
import type { CallOptions } from '../calls/call-options.ts';
import { dataExchangePageSize, ListReach } from '../list-reach.ts';
import { isOnlyAboutLists } from './list-failure.ts';

/** The `createdAt` of a job of unknown age: older than any job, but still on the last page of a whole list. */
export const unknownAge = -Number.MAX_VALUE;

/** Max concurrent single reads. */
const concurrency = 8;

/**
 * A page costs two to ten GetJobs, depending on the size of its jobs. A walk reads pages without a missing job only
 * while that costs no more than reading the missing jobs one by one. It must read some of them: if hundreds of jobs
 * were created in one millisecond, any may be on the next page.
 */
const readsPerPage = 10;

/** A sweep goes back no further than this many jobs, even if it knows none of them. */
const maxListed = 1_000;

export function dataExchangeStates(backend: DataExchangeBackend, budget: CallBudget): StateSource {
  const reader = new StateReader(backend, budget);
  return {
    service: 'DATA_EXCHANGE',
    batchSize: Number.POSITIVE_INFINITY,
    readsPages: true,
    read: (due, watched, signal) => reader.read(due, watched, signal),
    confirm: (awsJobId, signal) => reader.confirm(awsJobId, signal),
    list: (isKnown, signal) => reader.list(isKnown, signal),
  };
}

class StateReader {
  readonly #backend: DataExchangeBackend;
  readonly #budget: CallBudget;
  readonly #limit = pLimit(concurrency);
  /** When the last job of each page was created, by the last walk. It shows which page a job is on. */
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
      const isFarEnough = page.jobs.some((job) => isKnown(job.awsJobId)) || !reach.canContinueAfter(page);
      nextToken = isFarEnough ? null : page.nextToken;
    } while (nextToken !== null);
    return listingFrom(pages);
  }

  /**
   * Reads pages into `pages` and removes their jobs from `missing`, as long as a page is worth its call. If the service
   * must not be called again now, returns the reading for all remaining jobs.
   */
  async #walk(
    missing: Map<string, number>,
    pages: DataExchangeJobPage[],
    signal: AbortSignal,
  ): Promise<Reading | undefined> {
    const tokens = new Set<string | null>();
    let nextToken: string | null = null;
    let pagesInVain = 0;
    try {
      while (pages.length < pagesWorthReading([...missing.values()], this.#pageEnds)) {
        const page: DataExchangeJobPage = await this.#page(nextToken, signal);
        const before = missing.size;
        for (const job of page.jobs) missing.delete(job.awsJobId);
        this.#noteEnd(pages.length, page);
        pages.push(page);
        nextToken = page.nextToken;
        // This page is beyond the pages of earlier walks, and no missing job is on it: they may be anywhere.
        if (missing.size === before && pages.length === this.#pageEnds.length) pagesInVain += 1;
        const isTooFar = pagesInVain > missing.size / readsPerPage;
        if (nextToken === null || missing.size === 0 || isTooFar || tokens.has(nextToken)) return undefined;
        tokens.add(nextToken);
      }
      return undefined;
    } catch (error) {
      return isOnlyAboutLists(error) ? undefined : failedReading(error);
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

  /** As soon as the service asks for a pause, the remaining jobs get that reading without a call. */
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
 * The number of pages that takes the fewest calls: those pages, and a GetJob for each job beyond them. `createdAt` has
 * the instants of the missing jobs, `unknownAge` where unknown. `pageEnds` has the instant of the last job of each
 * known page, `-Infinity` for the last page of the list. One page beyond the known ones counts as full of missing jobs.
 * A job as old as the last one of a page may be on the next page, as many jobs may be created in one millisecond.
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
 * The reading of a job from a list. It is unknown whether lists lag behind GetJob. So a step forward is believed, since
 * no job goes back, and what looks like a step back must be confirmed.
 */
function readingFrom(job: DataExchangeJob, { latest, priorState }: Watched = unobserved): Reading {
  const isBehind = latest?.job.service === 'DATA_EXCHANGE' && job.updatedAt < latest.job.updatedAt;
  const before = latest?.state ?? priorState;
  const isBack = before !== undefined && before !== job.state && isAnomalous('DATA_EXCHANGE', before, job.state);
  return isBehind || isBack ? { outcome: 'unconfirmed' } : observed(job);
}

const unobserved: Watched = { latest: undefined, priorState: undefined };

/** `pages` begin with the first of the list. An unreadable entry may be any job. */
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
