/**
 * Polls one service: one entry per watched job, whatever the number of its watchers. Each service has a poller of its
 * own, so that trouble with one never slows the other.
 */
import type { Clock } from '../base/clock.ts';
import type { JobRef } from '../model/job-state.ts';
import type { PollAssignment } from './cluster/poll-assignment.ts';
import { Confirmations } from './confirmations.ts';
import { Freshness } from './freshness.ts';
import type { FencingTokens, Transition, TransitionLog } from './history/transition-log.ts';
import type { Cadence } from './poll-interval.ts';
import { PollQueue } from './poll-queue.ts';
import { Recorder, type Tick } from './recorder.ts';
import type { Listing, Observation, Reading, Readings, StateSource } from './state-source.ts';
import { dueImmediately, type JobWatcher, never, WatchedJob } from './watched-job.ts';
import { YoungWatchedJobs } from './young-watched-jobs.ts';

/** Between reads of a young job that the service does not show. */
const youngIntervalMs = 500;

export interface PollerOptions {
  readonly source: StateSource;
  readonly clock: Clock;
  readonly cadence: Cadence;
  readonly log: TransitionLog;
  readonly assignment: PollAssignment;
}

export class Poller {
  readonly #options: PollerOptions;
  /** By AWS job id. */
  readonly #jobs = new Map<string, WatchedJob>();
  readonly #queue: PollQueue;
  readonly freshness: Freshness;
  readonly #recorder: Recorder;
  readonly #confirmations: Confirmations;
  readonly #youngJobs: YoungWatchedJobs;
  /** Present while a reading is under way. */
  #reading: AbortController | undefined;
  /** Called with the newest jobs whenever a reading has listed them. */
  onListed: (newest: Listing, fencingTokens: FencingTokens) => void = () => {};

  constructor(options: PollerOptions) {
    this.#options = options;
    this.#youngJobs = new YoungWatchedJobs(options.clock);
    this.#queue = new PollQueue(options, this.#jobs, () => void this.#poll());
    this.freshness = new Freshness(options, this.#jobs, this.#queue);
    const onRead = (job: WatchedJob): void => this.freshness.onRead(job);
    const onLogged = (job: WatchedJob): void => this.freshness.onLogged(job);
    const onFailed = (job: WatchedJob, { random }: Tick): void => this.#onReadFailed(job, undefined, random);
    const onUnconfirmed = (job: WatchedJob): void => this.#confirmations.request(job);
    this.#recorder = new Recorder({ ...options, queue: this.#queue, onRead, onLogged, onFailed, onUnconfirmed });
    this.#confirmations = new Confirmations({
      ...options,
      isWatched: (job) => this.#jobs.get(job.ref.awsJobId) === job,
      onConfirmed: (job, reading, fencingTokens) =>
        void this.#applyReading(job, reading, { random: options.clock.random(), fencingTokens }),
      onOvertaken: (job) => this.#queue.pollSoon(job),
    });
  }

  /** Number of polled jobs. */
  get size(): number {
    return this.#jobs.size;
  }

  /** Whether the job is polled. */
  has(awsJobId: string): boolean {
    return this.#jobs.has(awsJobId);
  }

  /** The last observation of a polled job; undefined before the first. */
  latest(awsJobId: string): Observation | undefined {
    return this.#jobs.get(awsJobId)?.latest;
  }

  /**
   * Reads the job at once, whenever it was read last, so that a new watcher receives its present state. A job that
   * `canWait` is read after those that are due already.
   */
  watch(ref: JobRef, watcher: JobWatcher, canWait = false): void {
    const job = this.#jobOf(ref);
    this.#add(job, watcher);
    job.waiters.add(watcher);
    this.freshness.onJoin(job, watcher);
    if (canWait) this.#queue.scheduleIn(job, 0);
    else this.#queue.pollSoon(job);
  }

  /** As `watch`, for a watcher that has just observed the job and only waits for changes. */
  watchFrom(observation: Observation, watcher: JobWatcher, fencingTokens: FencingTokens): void {
    this.#add(this.#jobOf(observation.job), watcher);
    this.takeListed([observation], fencingTokens);
  }

  /** Removes a watcher. Without watchers a job is no longer polled; without jobs the reading under way is aborted. */
  unwatch(ref: JobRef, watcher: JobWatcher): void {
    const job = this.#jobs.get(ref.awsJobId);
    if (job === undefined || !job.remove(watcher)) return;
    if (job.watchers.size === 0) {
      this.#options.assignment.setInterest(job.ref, false);
      if (!job.isWatchedElsewhere) this.#jobs.delete(ref.awsJobId);
    }
    if (this.#jobs.size === 0) this.stop();
  }

  /** Polls the jobs `refs`, by AWS job id, for other gateways, and stops polling others for them. */
  pollForPeers(refs: ReadonlyMap<string, JobRef>): void {
    for (const [awsJobId, job] of [...this.#jobs]) {
      if (!job.isWatchedElsewhere || refs.has(awsJobId)) continue;
      job.isWatchedElsewhere = false;
      if (job.watchers.size === 0) this.#jobs.delete(awsJobId);
    }
    for (const [awsJobId, ref] of refs) {
      const isNew = !this.#jobs.has(awsJobId);
      const job = this.#jobOf(ref);
      if (!job.isWatchedElsewhere) {
        job.isWatchedElsewhere = true;
        this.freshness.onWatchedElsewhere(job);
      }
      // The gateway that watches it has just read it.
      if (isNew) this.#queue.schedule(job, this.#options.clock.random());
    }
    if (this.#jobs.size === 0) this.stop();
    else this.#queue.rearm();
  }

  /** The assignment of jobs has changed. */
  reassign(): void {
    this.freshness.reassign();
    this.#queue.rearm();
  }

  /** A mutation has changed the job: reads it at once if it is watched. */
  noteMutation(awsJobId: string): void {
    this.#youngJobs.noteMutation(awsJobId);
    this.pollSoon(awsJobId);
  }

  /** As `noteMutation`, for a job that somebody else may have changed: that does not make it young. */
  pollSoon(awsJobId: string): void {
    const job = this.#jobs.get(awsJobId);
    if (job === undefined) return;
    job.changedAt = this.#options.clock.monotonicMs();
    this.#queue.pollSoon(job);
  }

  stop(): void {
    this.#queue.stop();
    this.#confirmations.stop();
    this.freshness.stop();
    this.#reading?.abort();
    this.#reading = undefined;
    this.#jobs.clear();
  }

  /** Applies what a list shows of the watched jobs. */
  takeListed(observed: readonly Observation[], fencingTokens: FencingTokens): void {
    const tick = { random: this.#options.clock.random(), fencingTokens };
    for (const observation of observed) {
      const job = this.#jobs.get(observation.job.awsJobId);
      if (job === undefined) continue;
      job.listedAt = this.#options.clock.monotonicMs();
      this.#recorder.takeListed(job, observation, tick);
    }
  }

  /** Emits a transition that this gateway or another has appended. */
  dispatch(transition: Transition): void {
    const job = this.#jobs.get(transition.job.awsJobId);
    if (job === undefined) return;
    this.#recorder.onTransition(job, transition);
    if (transition.kind !== 'changed') return;
    // Watchers may leave during the loop.
    for (const watcher of [...job.watchers]) watcher.onTransition(transition);
  }

  #add(job: WatchedJob, watcher: JobWatcher): void {
    if (job.watchers.size === 0) this.#options.assignment.setInterest(job.ref, true);
    job.watchers.add(watcher);
  }

  #jobOf(ref: JobRef): WatchedJob {
    const existing = this.#jobs.get(ref.awsJobId);
    if (existing !== undefined) return existing;
    const { log, clock, assignment } = this.#options;
    const job = new WatchedJob(ref, log.last(ref)?.to, clock);
    job.isReadHere = assignment.isOurs(ref);
    this.#jobs.set(ref.awsJobId, job);
    return job;
  }

  async #poll(): Promise<void> {
    const due = this.#queue.take();
    if (due.length === 0) return this.#queue.rearm();
    const reading = new AbortController();
    this.#reading = reading;
    this.#recorder.beginReading();
    const { assignment, clock } = this.#options;
    const fencingTokens = assignment.fencingTokens();
    const startedAt = clock.monotonicMs();
    const readings = await this.#read(due, reading.signal);
    if (reading.signal.aborted) return;
    this.#endHoldOff(readings, startedAt);
    await this.#applyReadings(due, readings, fencingTokens);
    if (reading.signal.aborted) return;
    this.#reading = undefined;
    this.#queue.endReading();
  }

  /** An error of the source counts as a failed reading, so that polling goes on. */
  async #read(due: readonly WatchedJob[], signal: AbortSignal): Promise<Readings> {
    // What cannot be written need not be read.
    if (this.#options.assignment.isCutOff()) return { byJob: new Map() };
    try {
      const awsJobIds = due.map((job) => job.ref.awsJobId);
      return await this.#options.source.read(awsJobIds, this.#jobs, signal);
    } catch {
      return { byJob: new Map() };
    }
  }

  /** Jobs that were read together stay together: they share the random part of their next interval. */
  async #applyReadings(
    due: readonly WatchedJob[],
    { byJob, newest }: Readings,
    fencingTokens: FencingTokens,
  ): Promise<void> {
    const tick = { random: this.#options.clock.random(), fencingTokens };
    for (const job of due) {
      if (byJob.has(job.ref.awsJobId)) continue;
      this.#onReadFailed(job, undefined, tick.random);
    }
    const recordings: Promise<void>[] = [];
    for (const [awsJobId, reading] of byJob) {
      const job = this.#jobs.get(awsJobId);
      const recording = job && this.#applyReading(job, reading, tick);
      if (recording !== undefined) recordings.push(recording);
    }
    if (recordings.length > 0) await Promise.all(recordings);
    if (newest !== undefined) this.onListed(newest, fencingTokens);
  }

  /** A successful reading that began during the hold-off ends it. */
  #endHoldOff({ byJob }: Readings, startedAt: number): void {
    if ([...byJob.values()].some(({ outcome }) => outcome === 'observed')) this.freshness.holdOff.onRead(startedAt);
  }

  #applyReading(job: WatchedJob, reading: Reading, tick: Tick): Promise<void> | undefined {
    if (reading.outcome === 'observed') return this.#recorder.takeRead(job, reading, tick);
    if (reading.outcome === 'gone') {
      this.freshness.onAnswered();
      this.#onNotFound(job);
    } else if (reading.outcome === 'unconfirmed') this.#requestConfirmation(job, tick);
    else this.#onReadFailed(job, reading.retryAfterMs, tick.random);
    return undefined;
  }

  /** Waiters keep waiting. The job is scheduled after its interval all the same: the next list may be right. */
  #requestConfirmation(job: WatchedJob, { random }: Tick): void {
    if (job.dueAt === never) this.#queue.schedule(job, random);
    this.#confirmations.request(job);
  }

  /** A young job is read again before it counts as gone. */
  #onNotFound(job: WatchedJob): void {
    if (!this.#youngJobs.has(job)) {
      this.#removeGone(job);
      return;
    }
    job.requeueWaiters();
    this.#queue.scheduleIn(job, youngIntervalMs);
  }

  #removeGone(job: WatchedJob): void {
    const { assignment, clock } = this.#options;
    const watchers = [...job.watchers];
    if (watchers.length > 0) assignment.setInterest(job.ref, false);
    this.#jobs.delete(job.ref.awsJobId);
    if (job.isWatchedElsewhere) {
      assignment.notifyPeers({ about: 'gone', job: job.ref });
      // The notice may get lost: the job is polled until no gateway watches it any more.
      const unwatched = this.#jobOf(job.ref);
      unwatched.isWatchedElsewhere = true;
      this.freshness.onWatchedElsewhere(unwatched);
      this.#queue.schedule(unwatched, clock.random());
    }
    for (const watcher of watchers) watcher.onGone(job.ref);
  }

  /** A failed reading emits nothing; the job is read again later. */
  #onReadFailed(job: WatchedJob, retryAfterMs: number | undefined, random: number): void {
    job.failures += 1;
    job.requeueWaiters();
    // Watchers that came during the reading wait for one that begins after that.
    if (job.dueAt !== dueImmediately) this.#queue.schedule(job, random, retryAfterMs);
    this.freshness.onFailed(job, retryAfterMs);
  }
}
