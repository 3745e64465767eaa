/** Lists a service's newest jobs regularly while its activity is watched, so that readers need not name ids. */
import type { Clock } from '../base/clock.ts';
import type { Job } from '../model/job.ts';
import { isFinished, type JobRef } from '../model/job-state.ts';
import type { PollAssignment } from './cluster/poll-assignment.ts';
import type { FencingTokens, Transition, TransitionLog } from './history/transition-log.ts';
import { outlineOf } from './job-outline.ts';
import { KnownJobs } from './known-jobs.ts';
import { ListFreshness, type ListFreshnessHooks } from './list-freshness.ts';
import { type Cadence, intervalMs } from './poll-interval.ts';
import type { Poller } from './poller.ts';
import type { Listing, Observation, StateSource } from './state-source.ts';
import type { JobWatcher } from './watched-job.ts';

export interface SweeperOptions extends ListFreshnessHooks {
  readonly source: StateSource;
  readonly poller: Poller;
  readonly clock: Clock;
  readonly cadence: Cadence;
  readonly log: TransitionLog;
  readonly assignment: PollAssignment;
}

/** How a watch of a service's activity begins. */
export interface ActivityBeginning {
  /** Keeps the jobs known when it stopped, so that jobs created meanwhile are new. */
  readonly isResumed: boolean;
  /** From when on jobs are new, in milliseconds since the epoch: a reader goes on from a list or an event of then. */
  readonly since: number | undefined;
}

/**
 * The poller watches every unfinished job that a sweep lists, until it is finished. Sweeps and the poller's own lists
 * replace each other.
 */
export class Sweeper implements JobWatcher {
  readonly #options: SweeperOptions;
  readonly #watched = new Map<string, JobRef>();
  /** Those of the watched jobs whose present state the poller was asked for and has not given yet. */
  readonly #awaited = new Set<string>();
  /** New jobs whose appearance is not in the log yet. */
  readonly #unannounced = new Set<string>();
  readonly #known = new KnownJobs();
  readonly freshness: ListFreshness;
  /** Whether the next sweep goes past the known jobs: to all unfinished ones, or to new ones that it took for old. */
  #isWholeDue = false;
  #changedAt = 0;
  /** Whether this gateway was the sweeper at the last check. */
  #wasSweeper = false;
  #cancelTimer: (() => void) | undefined;
  #sweeping: AbortController | undefined;

  constructor(options: SweeperOptions) {
    this.#options = options;
    const { poller } = options;
    this.freshness = new ListFreshness({ ...options, jobs: poller.freshness });
    poller.freshness.onServiceChange = () => {
      if (this.#isRunning) this.freshness.onServiceChange();
    };
    poller.onListed = (newest, fencingTokens) => this.#onListed(newest, fencingTokens);
  }

  get #isRunning(): boolean {
    return this.#cancelTimer !== undefined || this.#sweeping !== undefined;
  }

  /**
   * Sweeps at once, then at the poller's cadence. All present jobs are old, unless `beginning` says otherwise. If it is
   * running, it begins earlier at most.
   */
  start({ isResumed, since }: ActivityBeginning): void {
    if (this.#isRunning) {
      this.#beginEarlier(since);
      return;
    }
    const { clock } = this.#options;
    this.#changedAt = clock.monotonicMs();
    if (!isResumed || !this.#known.hasBegun) this.#known.begin(Math.min(since ?? clock.now(), clock.now()));
    else if (since !== undefined) this.#known.beginEarlier(since);
    this.#isWholeDue = true;
    this.freshness.begin();
    this.#schedule(0);
    if (this.#options.poller.freshness.isUnreadable) this.freshness.onServiceChange();
  }

  /** Jobs that it took for old may be new to a reader who goes on from a list of `since`. */
  #beginEarlier(since: number | undefined): void {
    if (since === undefined || !this.#known.beginEarlier(since)) return;
    this.#isWholeDue = true;
    if (this.#cancelTimer !== undefined) this.#schedule(0);
  }

  /** A mutation has created or changed a job: sweeps at once if running. */
  noteMutation(): void {
    this.#changedAt = this.#options.clock.monotonicMs();
    if (this.#cancelTimer !== undefined) this.#schedule(0);
  }

  /** The assignment has changed. A gateway that becomes the sweeper sweeps at once. */
  reassign(): void {
    const wasSweeper = this.#wasSweeper;
    this.#wasSweeper = this.#isSweeper;
    if (!this.#wasSweeper || wasSweeper) return;
    this.freshness.onWatchedElsewhere();
    if (this.#cancelTimer !== undefined) this.#schedule(0);
  }

  stop(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#sweeping?.abort();
    this.#sweeping = undefined;
    for (const ref of this.#watched.values()) this.#options.poller.unwatch(ref, this);
    this.#watched.clear();
    this.#awaited.clear();
    for (const awsJobId of this.#unannounced) this.#known.forget(awsJobId);
    this.#unannounced.clear();
    this.freshness.begin();
  }

  onTransition(transition: Transition): void {
    this.#changedAt = this.#options.clock.monotonicMs();
    this.#unannounced.delete(transition.job.awsJobId);
    if (isFinished(transition.to)) this.#unwatch(transition.job);
  }

  onPresent(observation: Observation): void {
    this.#awaited.delete(observation.job.awsJobId);
    if (this.#unannounced.delete(observation.job.awsJobId))
      void this.#announce(observation, this.#options.assignment.fencingTokens());
    if (isFinished(observation.state)) this.#unwatch(observation.job);
  }

  onGone(ref: JobRef): void {
    this.#unannounced.delete(ref.awsJobId);
    this.#watched.delete(ref.awsJobId);
    this.#awaited.delete(ref.awsJobId);
  }

  /** A single stale job does not make the list stale. */
  onStale(): void {}

  onFresh(): void {}

  #schedule(delayMs: number): void {
    this.#cancelTimer?.();
    this.#cancelTimer = this.#options.clock.schedule(() => void this.#sweep(), delayMs);
  }

  #scheduleNext(): void {
    const { cadence, clock } = this.#options;
    const history = { ageMs: clock.monotonicMs() - this.#changedAt, failures: this.freshness.failures };
    this.#schedule(intervalMs(cadence, history, clock.random()));
  }

  /** The poller has just listed what the next sweep would have. */
  #onListed(newest: Listing, fencingTokens: FencingTokens): void {
    if (this.#cancelTimer === undefined || !this.#isSweeper || this.#isWholeDue) return;
    this.freshness.onRead();
    this.#applyListing(newest, fencingTokens);
    this.#scheduleNext();
  }

  get #isSweeper(): boolean {
    return this.#options.assignment.isSweeper(this.#options.source.service);
  }

  /**
   * If another gateway sweeps, the log brings its results. If the gateways cannot reach each other, the sweep counts as
   * failed.
   */
  async #sweep(): Promise<void> {
    const { assignment } = this.#options;
    this.#cancelTimer = undefined;
    if (assignment.isCutOff()) this.freshness.onFailed(undefined);
    else if (this.#isSweeper || this.freshness.isOverdue) return this.#list();
    else this.freshness.onReadElsewhere();
    this.#scheduleNext();
  }

  async #list(): Promise<void> {
    const { assignment, source, poller, clock } = this.#options;
    const startedAt = clock.monotonicMs();
    const sweeping = new AbortController();
    const fencingTokens = assignment.fencingTokens();
    this.#sweeping = sweeping;
    const isWhole = this.#isWholeDue;
    this.#isWholeDue = false;
    try {
      const newest = await source.list((awsJobId) => !isWhole && this.#known.has(awsJobId), sweeping.signal);
      if (sweeping.signal.aborted) return;
      poller.freshness.holdOff.onRead(startedAt);
      this.freshness.onRead();
      // After a pause (a suspended process) the list may be outdated.
      if (this.#isSweeper) this.#applyListing(newest, fencingTokens);
      else this.#isWholeDue ||= isWhole;
    } catch (error) {
      if (sweeping.signal.aborted) return;
      this.#isWholeDue ||= isWhole;
      // A failed sweep emits nothing; the next one comes later.
      this.freshness.onFailed(error);
    }
    this.#sweeping = undefined;
    this.#scheduleNext();
  }

  #applyListing({ observed, unread, isWhole }: Listing, fencingTokens: FencingTokens): void {
    const jobs = [...observed.map((each) => each.job), ...unread];
    for (const job of jobs) if (this.#known.isNew(job) && !this.#isAnnounced(job)) this.#noteNew(job, fencingTokens);
    for (const job of unread) if (!this.#isKnownFinished(job) || this.#unannounced.has(job.awsJobId)) this.#watch(job);
    for (const observation of observed) this.#observe(observation, fencingTokens);
    this.#options.poller.takeListed(observed, fencingTokens);
    this.#known.add(jobs, isWhole);
  }

  /**
   * A client's read may have observed the job before any list: it appears in the state of that read, and its present
   * state is a change.
   */
  #noteNew(job: Job, fencingTokens: FencingTokens): void {
    const last = this.#options.log.last(job);
    if (last?.kind !== 'first') {
      this.#unannounced.add(job.awsJobId);
      return;
    }
    const isAsThen = job.service === 'DATA_EXCHANGE' && job.state === last.to;
    void this.#announce({ job: isAsThen ? job : outlineOf(job, last.to), state: last.to }, fencingTokens);
  }

  /** A finished job is only of interest if that is new, and is read by itself first. */
  #observe(observation: Observation, fencingTokens: FencingTokens): void {
    const { job, state } = observation;
    if (!isFinished(state)) {
      if (this.#unannounced.delete(job.awsJobId)) void this.#announce(observation, fencingTokens);
      this.#watchObserved(observation, fencingTokens);
      return;
    }
    const last = this.#options.log.last(job);
    if (this.#unannounced.has(job.awsJobId) || (last !== undefined && last.to !== state)) this.#watch(job);
  }

  /**
   * Whether the log has more than the first observation of the job: another gateway may have been the sweeper before.
   */
  #isAnnounced(ref: JobRef): boolean {
    const last = this.#options.log.last(ref);
    return last !== undefined && last.kind !== 'first';
  }

  /** Whether the log has the job as finished, so that it need not be read again. */
  #isKnownFinished(ref: JobRef): boolean {
    const last = this.#options.log.last(ref);
    return last !== undefined && isFinished(last.to);
  }

  /**
   * A new job is read before the old ones, which nobody waits for: hundreds of them may be ahead of the budget of calls.
   * It is read again while the log has refused its appearance.
   */
  #watch(ref: JobRef): void {
    const isNew = this.#unannounced.has(ref.awsJobId);
    if (this.#awaited.has(ref.awsJobId) || (this.#watched.has(ref.awsJobId) && !isNew)) return;
    this.#watched.set(ref.awsJobId, ref);
    this.#awaited.add(ref.awsJobId);
    this.#options.poller.watch(ref, this, !isNew);
  }

  #watchObserved(observation: Observation, fencingTokens: FencingTokens): void {
    const { job } = observation;
    if (this.#watched.has(job.awsJobId)) return;
    this.#watched.set(job.awsJobId, job);
    this.#options.poller.watchFrom(observation, this, fencingTokens);
  }

  #unwatch(ref: JobRef): void {
    this.#watched.delete(ref.awsJobId);
    this.#awaited.delete(ref.awsJobId);
    this.#options.poller.unwatch(ref, this);
  }

  /** Skips a job with a logged change, which someone has watched by its id: its appearance is no longer new. */
  async #announce({ job, state }: Observation, fencingTokens: FencingTokens): Promise<void> {
    const { log, clock } = this.#options;
    const last = log.last(job);
    if (last !== undefined && (last.kind !== 'first' || last.to !== state)) return;
    this.#changedAt = clock.monotonicMs();
    const appearance = { kind: 'appeared', job, from: null, to: state, observedAt: new Date(clock.now()) } as const;
    const appended = await log.append(last?.sequence ?? 0, appearance, fencingTokens).catch(() => undefined);
    // The conflicting entry may be only the first observation of a job that someone watches: the next sweep retries.
    if (appended === undefined) this.#unannounced.add(job.awsJobId);
  }
}
