/** Looks through a service's newest jobs while someone watches its activity, so that nobody needs to name ids. */
import type { Clock } from '../base/clock.ts';
import type { Job } from '../model/job.ts';
import { isFinished, type JobRef } from '../model/job-state.ts';
import type { PollAssignment } from './cluster/poll-assignment.ts';
import type { FencingTokens, Transition, TransitionLog } from './history/transition-log.ts';
import { outlineOf } from './job-outline.ts';
import { KnownJobs } from './known-jobs.ts';
import { ListFreshness, type ListFreshnessHooks } from './list-freshness.ts';
import type { Poller } from './poller.ts';
import { type Cadence, intervalMs } from './schedule.ts';
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

/**
 * Every unfinished job that a sweep brings is watched in the poller until it is finished. A sweep's readings spare the poller its
 * own, and the poller's lists spare a sweep.
 */
export class Sweeper implements JobWatcher {
  readonly #options: SweeperOptions;
  readonly #held = new Map<string, JobRef>();
  /** Jobs that came into being since the last sweep and have not been read yet. */
  readonly #newborn = new Set<string>();
  readonly #known = new KnownJobs();
  readonly freshness: ListFreshness;
  #changedAt = 0;
  /** Whether this was the gateway that sweeps when that was last asked. */
  #wasSweeper = false;
  #cancelTimer: (() => void) | undefined;
  #sweeping: AbortController | undefined;

  constructor(options: SweeperOptions) {
    this.#options = options;
    const { poller } = options;
    this.freshness = new ListFreshness({ ...options, jobs: poller.freshness });
    poller.freshness.onService = () => {
      if (this.#isRunning) this.freshness.onService();
    };
    poller.onListed = (newest, fencingTokens) => this.#spare(newest, fencingTokens);
  }

  get #isRunning(): boolean {
    return this.#cancelTimer !== undefined || this.#sweeping !== undefined;
  }

  /**
   * Sweeps at once, then at the cadence of the poller. Goes on from what it knew when it stopped if `isResumed`, so that jobs
   * created meanwhile count as new; else whatever is there by now is old.
   */
  start(isResumed: boolean): void {
    if (this.#isRunning) return;
    this.#changedAt = this.#options.clock.monotonicMs();
    if (!isResumed || !this.#known.hasBegun) this.#known.begin(this.#options.clock.now());
    this.freshness.begin();
    this.#schedule(0);
    if (this.#options.poller.freshness.isUnreadable) this.freshness.onService();
  }

  /** Sweeps at once if it is running: something new is there. */
  notice(): void {
    this.#changedAt = this.#options.clock.monotonicMs();
    if (this.#cancelTimer !== undefined) this.#schedule(0);
  }

  /** Who sweeps has changed: whoever begins to does so at once. */
  reassign(): void {
    const wasSweeper = this.#wasSweeper;
    this.#wasSweeper = this.#isSweeper;
    if (!this.#wasSweeper || wasSweeper) return;
    this.freshness.onWantedElsewhere();
    if (this.#cancelTimer !== undefined) this.#schedule(0);
  }

  stop(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#sweeping?.abort();
    this.#sweeping = undefined;
    for (const ref of this.#held.values()) this.#options.poller.unwatch(ref, this);
    this.#held.clear();
    this.#newborn.clear();
    this.freshness.begin();
  }

  onTransition(transition: Transition): void {
    this.#changedAt = this.#options.clock.monotonicMs();
    this.#newborn.delete(transition.job.awsJobId);
    if (isFinished(transition.to)) this.#release(transition.job);
  }

  onPresent(observation: Observation): void {
    if (this.#newborn.delete(observation.job.awsJobId))
      void this.#announce(observation, this.#options.assignment.fencingTokens());
    if (isFinished(observation.state)) this.#release(observation.job);
  }

  onGone(ref: JobRef): void {
    this.#newborn.delete(ref.awsJobId);
    this.#held.delete(ref.awsJobId);
  }

  /** One job that cannot be read is no trouble of the whole. */
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

  /** The poller has just listed what this sweeper would list next. */
  #spare(newest: Listing, fencingTokens: FencingTokens): void {
    if (this.#cancelTimer === undefined || !this.#isSweeper) return;
    this.freshness.onWell();
    this.#take(newest, fencingTokens);
    this.#scheduleNext();
  }

  get #isSweeper(): boolean {
    return this.#options.assignment.isSweeper(this.#options.source.service);
  }

  /** Where another gateway sweeps, its log tells; where nobody can be asked who does, that is one more failure. */
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
    try {
      const newest = await source.list((awsJobId) => this.#known.has(awsJobId), sweeping.signal);
      if (sweeping.signal.aborted) return;
      poller.freshness.holdOff.onRead(startedAt);
      this.freshness.onWell();
      // Whoever was stopped for a while holds what was true before.
      if (this.#isSweeper) this.#take(newest, fencingTokens);
    } catch (error) {
      if (sweeping.signal.aborted) return;
      // A service that cannot be listed is no event; the next sweep comes later.
      this.freshness.onFailed(error);
    }
    this.#sweeping = undefined;
    this.#scheduleNext();
  }

  #take({ observed, unread, isWhole }: Listing, fencingTokens: FencingTokens): void {
    const jobs = [...observed.map((each) => each.job), ...unread];
    for (const job of jobs) if (this.#known.isNew(job) && !this.#wasTold(job)) this.#noteBirth(job, fencingTokens);
    for (const job of unread) if (!this.#isSettled(job)) this.#hold(job);
    for (const observation of observed) this.#observe(observation, fencingTokens);
    this.#options.poller.take(observed, fencingTokens);
    this.#known.learn(jobs, isWhole);
  }

  /** A read of somebody's may have seen it before any list: it appears as it was then, and what it is now is a change. */
  #noteBirth(job: Job, fencingTokens: FencingTokens): void {
    const last = this.#options.log.last(job);
    if (last?.kind !== 'first') {
      this.#newborn.add(job.awsJobId);
      return;
    }
    const isAsThen = job.service === 'DATA_EXCHANGE' && job.state === last.to;
    void this.#announce({ job: isAsThen ? job : outlineOf(job, last.to), state: last.to }, fencingTokens);
  }

  /** A job that the list calls finished is only of interest if that is news, and is read by itself first. */
  #observe(observation: Observation, fencingTokens: FencingTokens): void {
    const { job, state } = observation;
    if (!isFinished(state)) {
      if (this.#newborn.delete(job.awsJobId)) void this.#announce(observation, fencingTokens);
      this.#holdSeen(observation, fencingTokens);
      return;
    }
    const last = this.#options.log.last(job);
    if (this.#newborn.has(job.awsJobId) || (last !== undefined && last.to !== state)) this.#hold(job);
  }

  /** Whether more than the first sight of the job was told: another gateway may have looked for new jobs before this one. */
  #wasTold(ref: JobRef): boolean {
    const last = this.#options.log.last(ref);
    return last !== undefined && last.kind !== 'first';
  }

  /** Whether the job was seen finished, so that it need never be read again. */
  #isSettled(ref: JobRef): boolean {
    const last = this.#options.log.last(ref);
    return last !== undefined && isFinished(last.to);
  }

  #hold(ref: JobRef): void {
    if (this.#held.has(ref.awsJobId)) return;
    this.#held.set(ref.awsJobId, ref);
    this.#options.poller.watch(ref, this);
  }

  #holdSeen(observation: Observation, fencingTokens: FencingTokens): void {
    const { job } = observation;
    if (this.#held.has(job.awsJobId)) return;
    this.#held.set(job.awsJobId, job);
    this.#options.poller.watchOn(observation, this, fencingTokens);
  }

  #release(ref: JobRef): void {
    this.#held.delete(ref.awsJobId);
    this.#options.poller.unwatch(ref, this);
  }

  /** A job of which a change was told already, because someone watched it by its id, is no news any more. */
  async #announce({ job, state }: Observation, fencingTokens: FencingTokens): Promise<void> {
    const { log, clock } = this.#options;
    const last = log.last(job);
    if (last !== undefined && (last.kind !== 'first' || last.to !== state)) return;
    this.#changedAt = clock.monotonicMs();
    const appearance = { kind: 'appeared', job, from: null, to: state, observedAt: new Date(clock.now()) } as const;
    const appended = await log.append(last?.sequence ?? 0, appearance, fencingTokens).catch(() => undefined);
    // What stood in the way may be no more than the first sight of a job that someone watches: the next sweep tries once more.
    if (appended === undefined) this.#newborn.add(job.awsJobId);
  }
}
