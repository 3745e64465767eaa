/** Jobs that keep themselves up to date: those of a list, or some by their ids. */
import type { Client, FormattedExecutionResult, SubscribePayload } from 'graphql-ws';
import { activityDocument, defaultFields, listDocument, statesDocument } from './jobs-document.ts';
import { type Observable, Observed } from './status.ts';
import { Timer } from './timing.ts';

/** What every job of a store has; others come by `fields`. */
export interface StoredJob {
  readonly __typename: 'DataExchangeJob' | 'ImportExportJob';
  readonly id: string;
  readonly state: string;
  readonly createdAt: string;
}

/** The default fields. */
export interface JobRow extends StoredJob {
  readonly awsJobId: string;
  readonly service: 'DATA_EXCHANGE' | 'IMPORT_EXPORT';
  readonly isFinished: boolean;
  readonly finishedAt: string | null;
  readonly statusMessage: string | null;
}

export interface JobStoreOptions {
  /** Keeps these jobs up to date, 1 to 100. Without it, the jobs of the list. */
  readonly ids?: readonly string[];
  /** As `JobFilter` of the schema. */
  readonly filter?: Readonly<Record<string, unknown>>;
  /** The size of the pages of the list. 50. */
  readonly first?: number;
  /** What is selected of each job beside `id`, `state` and `createdAt`. */
  readonly fields?: string;
}

/** A service whose jobs the list lacks at the moment, and why. */
export interface UnavailableService {
  readonly service: 'DATA_EXCHANGE' | 'IMPORT_EXPORT';
  readonly code: string;
  /** A sentence for a person. */
  readonly message: string;
}

/** What is known of the list, or of the jobs with the given ids. */
export interface JobStoreState {
  /** Whether the present has been read once. */
  readonly isLoaded: boolean;
  /** Whether there are older jobs: `loadMore` reads on. */
  readonly hasMore: boolean;
  /** Services that the last read of the list could not ask. It is read again until it could. */
  readonly unavailableServices: readonly UnavailableService[];
  /** What ended the store, or the last read of a page. */
  readonly error: unknown;
}

export interface JobStore<Job extends StoredJob = JobRow> extends Observable<ReadonlyMap<string, Job>> {
  readonly state: Observable<JobStoreState>;
  /** Reads the next page of the list. */
  readonly loadMore: () => Promise<void>;
}

/**
 * Jobs by their ids, newest first. The store reads the present and follows the changes while anybody listens, and goes
 * on from where it was when somebody does again. `getSnapshot` gives the same map, and the same job, until they change.
 */
export function jobStore<Job extends StoredJob = JobRow>(client: Client, options: JobStoreOptions = {}): JobStore<Job> {
  return new LiveJobs<Job>(client, options);
}

/** After a list that lacks the jobs of a service, or the place from which the changes go on. */
const listAgainMs = 10_000;

/** A page that shows the jobs again within this time, such as by React's strict mode, needs no new subscription. */
const idleMs = 1_000;

interface Page<Job> {
  readonly activityCursor: string | null;
  readonly nodes: readonly (Job | null)[];
  readonly unavailableServices: readonly UnavailableService[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

interface JobEvent<Job> {
  readonly __typename: string;
  readonly cursor: string;
  readonly job?: Job;
  readonly id?: string;
}

class LiveJobs<Job extends StoredJob> implements JobStore<Job> {
  readonly state: Observed<JobStoreState>;
  readonly #client: Client;
  readonly #options: JobStoreOptions;
  readonly #fields: string;
  readonly #jobs = new Observed<ReadonlyMap<string, Job>>(new Map());
  readonly #idle = new Timer();
  readonly #again = new Timer();
  #listeners = 0;
  #stop: (() => void) | undefined;
  /** Where the subscription goes on. */
  #cursor: string | undefined;
  /** Where the list goes on. */
  #endCursor: string | null = null;
  #pages = 1;
  /** What events have said while a page is read, which may be older; null of jobs that are gone. Undefined while none is. */
  #meanwhile: Map<string, Job | null> | undefined;
  /** The jobs of `ids` of which no event has come yet. */
  readonly #awaited: Set<string>;

  constructor(client: Client, options: JobStoreOptions) {
    this.#client = client;
    this.#options = options;
    this.#fields = options.fields ?? defaultFields;
    this.#awaited = new Set(options.ids);
    this.state = new Observed<JobStoreState>({
      isLoaded: false,
      hasMore: false,
      unavailableServices: [],
      error: undefined,
    });
  }

  readonly getSnapshot = (): ReadonlyMap<string, Job> => this.#jobs.getSnapshot();

  readonly subscribe = (listener: () => void): (() => void) => {
    const leave = this.#jobs.subscribe(listener);
    this.#listeners += 1;
    this.#idle.clear();
    if (this.#stop === undefined) this.#start();
    let hasLeft = false;
    return () => {
      if (hasLeft) return;
      hasLeft = true;
      leave();
      this.#listeners -= 1;
      if (this.#listeners === 0) this.#idle.set(() => this.#pause(), idleMs);
    };
  };

  readonly loadMore = async (): Promise<void> => {
    if (!this.state.getSnapshot().hasMore || this.#meanwhile !== undefined) return;
    const meanwhile = new Map<string, Job | null>();
    this.#meanwhile = meanwhile;
    try {
      const page = await this.#page(this.#endCursor);
      // If the list was begun anew meanwhile, this page may not follow it.
      if (this.#meanwhile !== meanwhile) return;
      this.#pages += 1;
      this.#take([page], this.getSnapshot());
      for (const [id, job] of meanwhile) {
        if (job === null) this.#remove(id);
        else this.#change(job);
      }
    } catch (error) {
      this.#show({ error });
    } finally {
      if (this.#meanwhile === meanwhile) this.#meanwhile = undefined;
    }
  };

  #pause(): void {
    this.#again.clear();
    this.#stop?.();
    this.#stop = undefined;
  }

  #start(): void {
    if (this.#options.ids !== undefined) this.#follow(statesDocument(this.#fields), { ids: this.#options.ids });
    else if (this.#cursor !== undefined) this.#followActivity();
    else void this.#list();
  }

  /** Reads the present, and follows what has changed since its first page was begun. */
  async #list(): Promise<void> {
    let isStopped = false;
    this.#stop = () => {
      isStopped = true;
    };
    this.#meanwhile = undefined;
    try {
      const pages = [await this.#page(null)];
      for (let last = pages[0]; last?.pageInfo.hasNextPage && pages.length < this.#pages; last = pages.at(-1))
        pages.push(await this.#page(last.pageInfo.endCursor));
      if (isStopped) return;
      this.#take(pages, this.#unread(pages));
      this.#cursor = pages[0]?.activityCursor ?? undefined;
      this.#followActivity();
    } catch (error) {
      if (isStopped) return;
      this.#stop = undefined;
      this.#show({ error });
    }
  }

  /** The jobs known so far of services that the list could not ask. */
  #unread(pages: readonly Page<Job>[]): ReadonlyMap<string, Job> {
    const isUnread = (job: Job): boolean => unavailableIn(pages).some(({ service }) => service === serviceOf(job));
    return new Map([...this.getSnapshot()].filter(([, job]) => isUnread(job)));
  }

  #restart(): void {
    this.#pause();
    void this.#list();
  }

  /** Shows pages beside the `known` jobs. The store lists again until nothing is missing. */
  #take(pages: readonly Page<Job>[], known: ReadonlyMap<string, Job>): void {
    const unavailableServices = unavailableIn(pages);
    if (unavailableServices.length > 0 || !pages[0]?.activityCursor)
      this.#again.set(() => this.#restart(), listAgainMs);
    const jobs = new Map(known);
    for (const job of pages.flatMap(({ nodes }) => nodes)) if (job !== null) jobs.set(job.id, this.#same(job));
    const last = pages.at(-1)?.pageInfo;
    this.#endCursor = last?.endCursor ?? null;
    this.#showJobs(newestFirst(jobs));
    this.#show({ isLoaded: true, hasMore: last?.hasNextPage === true, unavailableServices, error: undefined });
  }

  /** The job as it is shown, if nothing of it has changed. */
  #same(job: Job): Job {
    const known = this.getSnapshot().get(job.id);
    return known && JSON.stringify(known) === JSON.stringify(job) ? known : job;
  }

  #showJobs(jobs: ReadonlyMap<string, Job>): void {
    const known = this.getSnapshot();
    if (jobs.size !== known.size || [...jobs].some(([id, job]) => known.get(id) !== job)) this.#jobs.set(jobs);
  }

  async #page(after: string | null): Promise<Page<Job>> {
    const { first = 50, filter } = this.#options;
    const variables = { first, after, filter: filter ?? null };
    const { data, errors } = await answer<{ jobs: Page<Job> }>(this.#client, {
      query: listDocument(this.#fields),
      variables,
    });
    if (!data) throw new Error(errors?.[0]?.message ?? 'The list of jobs has no data.');
    return data.jobs;
  }

  #followActivity(): void {
    this.#follow(activityDocument(this.#fields), { filter: this.#options.filter ?? null });
  }

  #follow(query: string, variables: Record<string, unknown>): void {
    const after = this.#cursor ?? null;
    this.#stop = this.#client.subscribe<Record<string, JobEvent<Job>>>(
      { query, variables: { ...variables, after } },
      {
        next: ({ data, errors }) => {
          const [event] = Object.values(data ?? {});
          if (event) this.#apply(event);
          else this.#show({ error: errors?.[0] });
        },
        error: (error) => {
          this.#stop = undefined;
          this.#show({ error });
        },
        // Every job is finished: nothing will change.
        complete: () => this.#show({ isLoaded: true }),
      },
    );
  }

  #apply({ __typename: type, cursor, job, id }: JobEvent<Job>): void {
    if (cursor !== '') this.#cursor = cursor;
    const isList = this.#options.ids === undefined;
    if (type === 'JobStateChange' && job !== undefined) {
      this.#meanwhile?.set(job.id, job);
      this.#change(job);
    } else if (type === 'JobGone' && id !== undefined) {
      this.#meanwhile?.set(id, null);
      this.#remove(id);
    } else if (type === 'JobEventsMissed' && isList) this.#restart();
    this.#awaited.delete(job?.id ?? id ?? '');
    if (!isList && this.#awaited.size === 0) this.#show({ isLoaded: true });
  }

  /** A job that changes out of the filter's states leaves; one that is older than the pages read so far comes with its page. */
  #change(job: Job): void {
    const known = this.getSnapshot();
    const oldest = [...known.values()].at(-1);
    const isBeyond = this.state.getSnapshot().hasMore && oldest !== undefined && job.createdAt < oldest.createdAt;
    if (!this.#isAdmitted(job)) this.#remove(job.id);
    else if (known.has(job.id)) this.#showJobs(new Map(known).set(job.id, this.#same(job)));
    else if (!isBeyond) this.#showJobs(newestFirst([[job.id, job], ...known]));
  }

  #remove(id: string): void {
    if (!this.getSnapshot().has(id)) return;
    const jobs = new Map(this.getSnapshot());
    jobs.delete(id);
    this.#jobs.set(jobs);
  }

  #isAdmitted({ state }: Job): boolean {
    const states = this.#options.filter?.['states'] as readonly string[] | null | undefined;
    return !states?.length || states.includes(state);
  }

  #show(change: Partial<JobStoreState>): void {
    const known = this.state.getSnapshot();
    const names = Object.keys(change) as (keyof JobStoreState)[];
    if (names.some((name) => change[name] !== known[name])) this.state.set({ ...known, ...change });
  }
}

/** Each service once, as the first page that lacks it says. */
function unavailableIn(pages: readonly Page<StoredJob>[]): readonly UnavailableService[] {
  const all = pages.flatMap(({ unavailableServices }) => unavailableServices);
  return [...new Map(all.reverse().map((each) => [each.service, each])).values()];
}

function serviceOf({ __typename: type }: StoredJob): string {
  return type === 'DataExchangeJob' ? 'DATA_EXCHANGE' : 'IMPORT_EXPORT';
}

/**
 * Jobs of one instant stay in the order in which the service lists them, so that an older page never gets above what is
 * read already. The gateway writes all instants in one form, so that their texts sort.
 */
function newestFirst<Job extends StoredJob>(jobs: Iterable<readonly [string, Job]>): ReadonlyMap<string, Job> {
  const compare = (left: string, right: string): number => (left === right ? 0 : left > right ? -1 : 1);
  return new Map([...jobs].sort(([, left], [, right]) => compare(left.createdAt, right.createdAt)));
}

/** The only result of a query. */
function answer<Data>(client: Client, payload: SubscribePayload): Promise<FormattedExecutionResult<Data>> {
  return new Promise((resolve, reject) => {
    client.subscribe<Data, Record<string, unknown>>(payload, {
      next: resolve,
      error: (error) => reject(Array.isArray(error) ? new Error(error[0]?.message) : error),
      complete: () => reject(new Error('The query was answered by nothing.')),
    });
  });
}
