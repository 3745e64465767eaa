/** The watcher: one poll per watched job, whatever the number of readers. */
import type { Clock } from '../base/clock.ts';
import type { Job } from '../model/job.ts';
import { admitsService, type JobFilter } from '../model/job-filter.ts';
import { type JobRef, type JobService, type JobState, jobServices } from '../model/job-state.ts';
import { type ActivityInterest, earliest, isSameInterest, type ServiceInterest } from './cluster/activity-interest.ts';
import { type PeerNotice, type PollAssignment, pollsEverything } from './cluster/poll-assignment.ts';
import type { HistoryEntry, HistoryPage, Transition, TransitionLog } from './history/transition-log.ts';
import type { Cadence } from './poll-interval.ts';
import { Poller } from './poller.ts';
import type { StateSource } from './state-source.ts';
import { type ActivityPlace, activityPlace, positionOf } from './streams/activity-place.ts';
import { ActivitySubscription } from './streams/activity-subscription.ts';
import { Cursors } from './streams/cursor.ts';
import type { JobEvent } from './streams/events.ts';
import { JobSubscription } from './streams/job-subscription.ts';
import { SharedEvents } from './streams/shared-events.ts';
import { StreamInterrupted } from './streams/stream-error.ts';
import type { Subscriber } from './streams/subscriber.ts';
import { Sweeper } from './sweeper.ts';

export interface WatcherOptions {
  readonly sources: Readonly<Record<JobService, StateSource>>;
  readonly clock: Clock;
  readonly cadence: Cadence;
  readonly log: TransitionLog;
  /** Signs cursors: 32 secret bytes. */
  readonly cursorKey: Uint8Array;
  readonly assignment?: PollAssignment;
}

/** A subscriber of any event type. */
type AnySubscriber = Pick<Subscriber<never>, 'fail' | 'unread'>;

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
  #isStopped = false;
  /** The services whose activity is watched here, and in other gateways. */
  #activityHere: ActivityInterest = new Map();
  #activityElsewhere: ActivityInterest = new Map();

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
      () => this.#onLogLost(),
    );
    this.#assignment.assignTo({
      onReassigned: () => {
        for (const each of [...Object.values(this.#pollers), ...Object.values(this.#sweepers)]) each.reassign();
      },
      onPeerInterest: (refs, activity) => this.#onPeerInterest(refs, activity),
      onPeerNotice: (notice) => this.#onPeerNotice(notice),
    });
  }

  /**
   * Emits the present state of each job, then each observed change; completes once every job is finished or gone. With
   * `after` it emits what was observed since that cursor instead of the present states, or `JobEventsMissed` and the
   * present states if the cursor is too old. Throws `StreamError` for a cursor of another stream or audience. Polling
   * begins with the first `next()` and ends with `return()`.
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
        this.#addSubscriber(watch.subscriber);
      },
      onEnd: () => {
        this.#jobWatches.delete(watch);
        this.#subscribers.delete(watch.subscriber);
      },
    });
    return watch.subscriber;
  }

  /** Emits changes of each job that `filter` admits, and new jobs. Does not complete. `after` as in `watchJobs`. */
  watchActivity(filter: JobFilter, after: string | undefined, audience = ''): AsyncIterableIterator<JobEvent> {
    const activity: ActivitySubscription = new ActivitySubscription({
      filter,
      audience,
      after,
      log: this.#options.log,
      cursors: this.#cursors,
      events: this.#events,
      now: this.#options.clock.now(),
      onStart: () => {
        this.#activities.add(activity);
        this.#addSubscriber(activity.subscriber);
        this.#updateSweepers(after !== undefined);
        this.#emitIfStale(activity);
      },
      onEnd: () => {
        this.#activities.delete(activity);
        this.#subscribers.delete(activity.subscriber);
        this.#updateSweepers();
      },
    });
    return activity.subscriber;
  }

  /** Where the activity is now. Call this before a list is read. */
  activityPlace(): ActivityPlace {
    return activityPlace(this.#options.log, this.#options.clock.now());
  }

  /**
   * The cursor from which `watchActivity` goes on after a list that was begun at `place`. Null if the log cannot be
   * reached now, or is another one.
   */
  activityCursor(place: ActivityPlace, audience = ''): string | null {
    if (this.#assignment.isCutOff() || place.log !== this.#options.log.id) return null;
    return this.#cursors.textFrom(positionOf(place, audience));
  }

  /** Call this after a mutation has created or changed a job, so that watchers need not wait for the next reading. */
  noteMutation(ref: JobRef): void {
    this.#pollers[ref.service].noteMutation(ref.awsJobId);
    this.#sweepers[ref.service].noteMutation();
  }

  /** Whether the service's activity is watched, here or in another gateway. */
  isActivityWatched(service: JobService): boolean {
    return this.#activityHere.has(service) || this.#activityElsewhere.has(service);
  }

  /** Whether the job has watchers, here or in a gateway that this one reads for. */
  isWatched({ service, awsJobId }: JobRef): boolean {
    return this.isActivityWatched(service) || this.#pollers[service].has(awsJobId);
  }

  /** The job as it was last observed, if it is polled here. */
  latest({ service, awsJobId }: JobRef): Job | undefined {
    return this.#pollers[service].latest(awsJobId)?.job;
  }

  /** The last state that was observed of a job; undefined if none is known. */
  lastState(ref: JobRef): JobState | undefined {
    return this.#options.log.last(ref)?.to;
  }

  /**
   * Whether a reader who knows the job in `state` learns of all that follows from the log: it has that state, or a change
   * since. Another state may have been the first that it was given, if two reads of a new job were under way at once.
   */
  isRecorded(ref: JobRef, state: JobState): boolean {
    const last = this.#options.log.last(ref);
    return last !== undefined && (last.kind !== 'first' || last.to === state);
  }

  /** Returns what was observed of a job, newest first, as far back as it is kept. */
  history(ref: JobRef, page: HistoryPage): Promise<readonly HistoryEntry[]> {
    return this.#options.log.history(ref, page);
  }

  /** Interrupts every stream after its queued events, also those that begin later, and stops polling. */
  stop(): void {
    this.#isStopped = true;
    for (const subscriber of [...this.#subscribers]) subscriber.fail(new StreamInterrupted());
    for (const sweeper of Object.values(this.#sweepers)) sweeper.stop();
    for (const poller of Object.values(this.#pollers)) poller.stop();
  }

  /** Number of open streams. */
  get subscribers(): number {
    return this.#subscribers.size;
  }

  /** Number of unread events in all streams. */
  get unreadEvents(): number {
    return [...this.#subscribers].reduce((sum, { unread }) => sum + unread, 0);
  }

  /** Number of polled jobs. */
  get watchedJobs(): number {
    return Object.values(this.#pollers).reduce((sum, poller) => sum + poller.size, 0);
  }

  /** A stream that waited for the log may begin after `stop`. */
  #addSubscriber(subscriber: AnySubscriber): void {
    this.#subscribers.add(subscriber);
    if (this.#isStopped) subscriber.fail(new StreamInterrupted());
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
        const batch = {};
        for (const each of this.#activitiesOf(service)) each.onStale(service, outlook.since, batch);
        this.#notifyPeers({ about: 'stale activity', service, ...outlook });
      },
      onFresh: () => {
        const batch = {};
        for (const each of this.#activitiesOf(service)) each.onFresh(service, batch);
        this.#notifyPeers({ about: 'fresh activity', service });
      },
    });
  }

  #activitiesOf(service: JobService): readonly ActivitySubscription[] {
    return [...this.#activities].filter(({ filter }) => admitsService(filter, service));
  }

  /** Only the sweeper reports on the list. */
  #notifyPeers(notice: Extract<PeerNotice, { readonly service: JobService }>): void {
    const { service } = notice;
    if (this.#activityElsewhere.has(service) && this.#assignment.isSweeper(service))
      this.#assignment.notifyPeers(notice);
  }

  #emitIfStale(activity: ActivitySubscription): void {
    for (const service of servicesOf(activity.filter)) {
      const since = this.#sweepers[service].freshness.staleSince;
      if (since !== undefined) activity.onStale(service, since, {});
    }
  }

  #publish(transition: Transition): void {
    this.#pollers[transition.job.service].dispatch(transition);
    for (const activity of [...this.#activities]) activity.onTransition(transition);
  }

  #onLogLost(): void {
    const loss = {};
    for (const each of [...this.#jobWatches, ...this.#activities]) each.onLost(loss);
  }

  #onPeerInterest(refs: readonly JobRef[], activity: ActivityInterest): void {
    for (const service of jobServices) {
      const ofService = refs.filter((ref) => ref.service === service);
      this.#pollers[service].pollForPeers(new Map(ofService.map((ref) => [ref.awsJobId, ref])));
    }
    const before = this.#activityElsewhere;
    this.#activityElsewhere = activity;
    this.#updateSweepers();
    for (const service of activity.keys())
      if (!before.has(service)) this.#sweepers[service].freshness.onWatchedElsewhere();
  }

  #onPeerNotice(notice: PeerNotice): void {
    // Watchers here receive `JobGone` once this gateway has confirmed it.
    if (notice.about === 'gone') this.#pollers[notice.job.service].pollSoon(notice.job.awsJobId);
    else if (notice.about === 'stale activity') this.#sweepers[notice.service].freshness.onPeerStale(notice);
    else if (notice.about === 'fresh activity') this.#sweepers[notice.service].freshness.onPeerFresh();
    else {
      for (const service of jobServices) {
        const jobs = notice.jobs.filter((job) => job.service === service);
        const { freshness } = this.#pollers[service];
        if (notice.about === 'stale') freshness.onPeerStale(jobs, notice);
        else freshness.onPeerFresh(jobs);
      }
    }
  }

  /** The sweeper also runs for activity that is watched in other gateways only, ready to take over. */
  #updateSweepers(isResumed = false): void {
    const here = this.#activityOfStreams();
    const before = this.#activityHere;
    const elsewhere = this.#activityElsewhere;
    this.#activityHere = here;
    for (const service of jobServices) {
      const interest = here.get(service);
      if (!isSameInterest(interest, before.get(service))) this.#assignment.setActivityInterest(service, interest);
      if (!here.has(service) && !elsewhere.has(service)) this.#sweepers[service].stop();
      else this.#sweepers[service].start({ isResumed, since: earliest(interest, elsewhere.get(service)).since });
    }
  }

  #activityOfStreams(): ActivityInterest {
    const interest = new Map<JobService, ServiceInterest>();
    for (const activity of this.#activities)
      for (const service of servicesOf(activity.filter))
        interest.set(service, earliest(interest.get(service), { since: activity.since }));
    return interest;
  }
}

/** The services whose jobs a filter can admit. */
function servicesOf(filter: JobFilter): readonly JobService[] {
  return jobServices.filter((service) => admitsService(filter, service));
}
