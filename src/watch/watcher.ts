/** What changes over time: one poll per watched job, whatever the number of those who watch it. */
import type { Clock } from '../base/clock.ts';
import { type JobRef, type JobService, jobServices } from '../model/job-state.ts';
import { type PeerNews, type PollAssignment, pollsEverything } from './cluster/poll-assignment.ts';
import type { HistoryEntry, HistoryPage, Transition, TransitionLog } from './history/transition-log.ts';
import { Poller } from './poller.ts';
import type { Cadence } from './schedule.ts';
import type { StateSource } from './state-source.ts';
import { ActivitySubscription } from './streams/activity-subscription.ts';
import { Cursors } from './streams/cursor.ts';
import type { ActivityFilter, JobEvent } from './streams/events.ts';
import { JobSubscription } from './streams/job-subscription.ts';
import { SharedEvents } from './streams/shared-events.ts';
import { StreamError } from './streams/stream-error.ts';
import type { Subscriber } from './streams/subscriber.ts';
import { Sweeper } from './sweeper.ts';

export interface WatcherOptions {
  readonly sources: Readonly<Record<JobService, StateSource>>;
  readonly clock: Clock;
  readonly cadence: Cadence;
  readonly log: TransitionLog;
  /** Signs cursors: 32 bytes that nobody else has. */
  readonly cursorKey: Uint8Array;
  readonly assignment?: PollAssignment;
}

/** One that can be ended, whatever it brings. */
type AnySubscriber = Pick<Subscriber<never>, 'fail' | 'lastCursor' | 'unread'>;

export class Watcher {
  readonly #options: WatcherOptions;
  readonly #cursors: Cursors;
  readonly #events: SharedEvents;
  readonly #pollers: Readonly<Record<JobService, Poller>>;
  readonly #sweepers: Readonly<Record<JobService, Sweeper>>;
  readonly #assignment: PollAssignment;
  readonly #jobWatches = new Set<JobSubscription>();
  readonly #activities = new Set<ActivitySubscription>();
  readonly #subscribers = new Set<AnySubscriber>();
  /** The services whose activity is watched here, and those of which it is in other gateways. */
  #activityHere: ReadonlySet<JobService> = new Set();
  #activityElsewhere: ReadonlySet<JobService> = new Set();

  constructor(options: WatcherOptions) {
    this.#options = options;
    this.#cursors = new Cursors(options.cursorKey, options.log);
    this.#events = new SharedEvents(this.#cursors, () => new Date(options.clock.now()));
    this.#assignment = options.assignment ?? pollsEverything;
    this.#pollers = { DATA_EXCHANGE: this.#pollerOf('DATA_EXCHANGE'), IMPORT_EXPORT: this.#pollerOf('IMPORT_EXPORT') };
    this.#sweepers = {
      DATA_EXCHANGE: this.#sweeperOf('DATA_EXCHANGE'),
      IMPORT_EXPORT: this.#sweeperOf('IMPORT_EXPORT'),
    };
    options.log.follow(
      (transition) => this.#publish(transition),
      () => this.#startAnew(),
    );
    this.#assignment.assignTo({
      onReassigned: () => {
        for (const each of [...Object.values(this.#pollers), ...Object.values(this.#sweepers)]) each.reassign();
      },
      onInterestElsewhere: (refs, activity) => this.#watchForOthers(refs, activity),
      onPeerNews: (news) => this.#onPeerNews(news),
    });
  }

  /**
   * The present state of each job, then each observed change; completes once every job is finished or gone. With `after`,
   * everything observed since that cursor instead of the present states, or word that it is too old and the present states.
   * Throws `StreamError` for a cursor that it did not make for these jobs and this audience. Polling begins with the first
   * `next()` and ends with `return()`.
   */
  watchJobs(refs: readonly JobRef[], after: string | undefined, audience = ''): AsyncIterableIterator<JobEvent> {
    const { log } = this.#options;
    const watch: JobSubscription = new JobSubscription({
      refs,
      audience,
      after,
      log,
      cursors: this.#cursors,
      events: this.#events,
      pollerOf: (ref) => this.#pollers[ref.service],
      onStart: () => {
        this.#jobWatches.add(watch);
        this.#subscribers.add(watch.subscriber);
      },
      onEnd: () => {
        this.#jobWatches.delete(watch);
        this.#subscribers.delete(watch.subscriber);
      },
    });
    return watch.subscriber.stream;
  }

  /** Changes of every job that `filter` admits and the appearance of new ones. Does not complete. `after` as in `watchJobs`. */
  watchActivity(filter: ActivityFilter, after: string | undefined, audience = ''): AsyncIterableIterator<JobEvent> {
    const activity: ActivitySubscription = new ActivitySubscription({
      filter,
      audience,
      after,
      log: this.#options.log,
      cursors: this.#cursors,
      events: this.#events,
      onStart: () => {
        this.#activities.add(activity);
        this.#subscribers.add(activity.subscriber);
        this.#updateSweepers(after !== undefined);
        this.#tellIfStale(activity);
      },
      onEnd: () => {
        this.#activities.delete(activity);
        this.#subscribers.delete(activity.subscriber);
        this.#updateSweepers();
      },
    });
    return activity.subscriber.stream;
  }

  /** Tells that a job was created or changed just now, so that those who watch need not wait for the next reading. */
  notice(ref: JobRef): void {
    this.#pollers[ref.service].notice(ref.awsJobId);
    this.#sweepers[ref.service].notice();
  }

  /** Whether somebody waits for new jobs of the service, here or at another gateway. */
  isActivityWatched(service: JobService): boolean {
    return this.#activityHere.has(service) || this.#activityElsewhere.has(service);
  }

  /** Whether somebody here, or at a gateway that this one reads for, is to be told what becomes of the job. */
  isWatched({ service, awsJobId }: JobRef): boolean {
    return this.isActivityWatched(service) || this.#pollers[service].has(awsJobId);
  }

  /** What was observed of a job, newest first, as far back as it is kept. */
  history(ref: JobRef, page: HistoryPage): Promise<readonly HistoryEntry[]> {
    return this.#options.log.history(ref, page);
  }

  /** Ends every stream with `SHUTTING_DOWN` and its last cursor, and all polling with them. */
  stop(): void {
    for (const subscriber of [...this.#subscribers]) {
      const message = 'The gateway is shutting down. Subscribe again with the cursor.';
      subscriber.fail(new StreamError('SHUTTING_DOWN', message, subscriber.lastCursor));
    }
    for (const sweeper of Object.values(this.#sweepers)) sweeper.stop();
    for (const poller of Object.values(this.#pollers)) poller.stop();
  }

  /** How many streams are open. */
  get subscribers(): number {
    return this.#subscribers.size;
  }

  /** How many events wait in the queues of all streams. */
  get unreadEvents(): number {
    return [...this.#subscribers].reduce((sum, { unread }) => sum + unread, 0);
  }

  /** How many jobs are polled now. */
  get watchedJobs(): number {
    return Object.values(this.#pollers).reduce((sum, poller) => sum + poller.size, 0);
  }

  #pollerOf(service: JobService): Poller {
    return new Poller({ ...this.#options, source: this.#options.sources[service], assignment: this.#assignment });
  }

  #sweeperOf(service: JobService): Sweeper {
    return new Sweeper({
      ...this.#options,
      source: this.#options.sources[service],
      poller: this.#pollers[service],
      assignment: this.#assignment,
      onStale: (outlook) => {
        const moment = {};
        for (const each of this.#activitiesOf(service)) each.onStale(service, outlook.since, moment);
        this.#tellPeers({ about: 'stale activity', service, ...outlook });
      },
      onFresh: () => {
        const moment = {};
        for (const each of this.#activitiesOf(service)) each.onFresh(service, moment);
        this.#tellPeers({ about: 'fresh activity', service });
      },
    });
  }

  #activitiesOf(service: JobService): readonly ActivitySubscription[] {
    return [...this.#activities].filter(({ filter }) => servicesOf(filter).includes(service));
  }

  /** Only whoever looks for all knows. */
  #tellPeers(news: Extract<PeerNews, { readonly service: JobService }>): void {
    const { service } = news;
    if (this.#activityElsewhere.has(service) && this.#assignment.isSweeper(service)) this.#assignment.tell(news);
  }

  #tellIfStale(activity: ActivitySubscription): void {
    for (const service of servicesOf(activity.filter)) {
      const since = this.#sweepers[service].freshness.staleSince;
      if (since !== undefined) activity.onStale(service, since, {});
    }
  }

  #publish(transition: Transition): void {
    this.#pollers[transition.job.service].dispatch(transition);
    for (const activity of [...this.#activities]) activity.onTransition(transition);
  }

  #startAnew(): void {
    const loss = {};
    for (const each of [...this.#jobWatches, ...this.#activities]) each.onLost(loss);
  }

  #watchForOthers(refs: readonly JobRef[], activity: ReadonlySet<JobService>): void {
    for (const service of jobServices) {
      const wanted = refs.filter((ref) => ref.service === service);
      this.#pollers[service].pollForOthers(new Map(wanted.map((ref) => [ref.awsJobId, ref])));
    }
    const before = this.#activityElsewhere;
    this.#activityElsewhere = activity;
    this.#updateSweepers();
    for (const service of activity) if (!before.has(service)) this.#sweepers[service].freshness.onWantedElsewhere();
  }

  #onPeerNews(news: PeerNews): void {
    // Who watches a job that is gone is told once this gateway has seen so itself.
    if (news.about === 'gone') this.#pollers[news.job.service].pollSoon(news.job.awsJobId);
    else if (news.about === 'stale activity') this.#sweepers[news.service].freshness.onPeerStale(news);
    else if (news.about === 'fresh activity') this.#sweepers[news.service].freshness.onPeerFresh();
    else {
      for (const service of jobServices) {
        const jobs = news.jobs.filter((job) => job.service === service);
        const { freshness } = this.#pollers[service];
        if (news.about === 'stale') freshness.onPeerStale(jobs, news);
        else freshness.onPeerFresh(jobs);
      }
    }
  }

  /** Where another gateway watches as well, this one is ready to look for new jobs in its place. */
  #updateSweepers(isResumed = false): void {
    const here = new Set([...this.#activities].flatMap(({ filter }) => servicesOf(filter)));
    const before = this.#activityHere;
    this.#activityHere = here;
    for (const service of jobServices) {
      if (here.has(service) !== before.has(service)) this.#assignment.wantActivity(service, here.has(service));
      if (here.has(service) || this.#activityElsewhere.has(service)) this.#sweepers[service].start(isResumed);
      else this.#sweepers[service].stop();
    }
  }
}

/** The services whose jobs a filter can admit. */
function servicesOf(filter: ActivityFilter): readonly JobService[] {
  const admitted = filter.service === undefined ? jobServices : [filter.service];
  return filter.dataSetId === undefined ? admitted : admitted.filter((service) => service === 'DATA_EXCHANGE');
}
