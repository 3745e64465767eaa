/**
 * The polling of one service: one entry per watched job, however many watch it. Each service has a poller of its own, so that
 * the trouble of one never slows the other.
 */
import type { Clock } from '../base/clock.ts';
import type { JobRef } from '../model/job-state.ts';
import type { PollAssignment } from './cluster/poll-assignment.ts';
import { Confirmations } from './confirmations.ts';
import { Freshness } from './freshness.ts';
import type { FencingTokens, Transition, TransitionLog } from './history/transition-log.ts';
import { PollQueue } from './poll-queue.ts';
import { Recorder, type Tick } from './recorder.ts';
import type { Cadence } from './schedule.ts';
import type { Listing, Observation, Reading, Readings, StateSource } from './state-source.ts';
import { dueImmediately, type JobWatcher, never, WatchedJob } from './watched-job.ts';

/** GetJob may know nothing of a job for some seconds after CreateJob (the Terraform provider's waiter takes 404 for "not yet"). */
const youngMs = 5_000;
const youngIntervalMs = 500;

/** Max number of jobs that somebody changed here and that are remembered. */
const maxNoticed = 1_000;

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
  /** When somebody made or changed a job through this gateway, by the monotonic clock; the latest comes last. */
  readonly #noticedAt = new Map<string, number>();
  /** Present while a reading is under way. */
  #reading: AbortController | undefined;
  /** Told of the newest jobs whenever a reading listed them on its way. */
  onListed: (newest: Listing, fencingTokens: FencingTokens) => void = () => {};

  constructor(options: PollerOptions) {
    this.#options = options;
    this.#queue = new PollQueue(options, this.#jobs, () => void this.#poll());
    this.freshness = new Freshness(options, this.#jobs, this.#queue);
    const onWell = (job: WatchedJob): void => this.freshness.onWell(job);
    const onSighted = (job: WatchedJob): void => this.freshness.onSighted(job);
    const onFailed = (job: WatchedJob, { random }: Tick): void => this.#postpone(job, undefined, random);
    const onDoubt = (job: WatchedJob): void => this.#confirmations.ask(job);
    this.#recorder = new Recorder({ ...options, queue: this.#queue, onWell, onSighted, onFailed, onDoubt });
    this.#confirmations = new Confirmations({
      ...options,
      isWatched: (job) => this.#jobs.get(job.ref.awsJobId) === job,
      onConfirmed: (job, reading, fencingTokens) =>
        void this.#apply(job, reading, { random: options.clock.random(), fencingTokens }),
      onOvertaken: (job) => this.#queue.pollSoon(job),
    });
  }

  /** How many jobs are polled. */
  get size(): number {
    return this.#jobs.size;
  }

  /** Whether the job is polled. */
  has(awsJobId: string): boolean {
    return this.#jobs.has(awsJobId);
  }

  /** Reads the job at once, whenever it was read last: whoever begins to watch is shown the present, not the past. */
  watch(ref: JobRef, watcher: JobWatcher): void {
    const job = this.#jobOf(ref);
    this.#add(job, watcher);
    job.awaiting.add(watcher);
    this.freshness.onJoin(job, watcher);
    this.#queue.pollSoon(job);
  }

  /** As `watch`, for one who has just seen the job and waits only for changes. */
  watchOn(observation: Observation, watcher: JobWatcher, fencingTokens: FencingTokens): void {
    this.#add(this.#jobOf(observation.job), watcher);
    this.take([observation], fencingTokens);
  }

  /** The last to leave ends the polling of the job, and the reading under way if nothing else is watched. */
  unwatch(ref: JobRef, watcher: JobWatcher): void {
    const job = this.#jobs.get(ref.awsJobId);
    if (job === undefined || !job.remove(watcher)) return;
    if (job.watchers.size === 0) {
      this.#options.assignment.want(job.ref, false);
      if (!job.isWantedElsewhere) this.#jobs.delete(ref.awsJobId);
    }
    if (this.#jobs.size === 0) this.stop();
  }

  /** Reads `wanted`, by AWS job id, for other gateways as well, and no other jobs for them any more. */
  pollForOthers(wanted: ReadonlyMap<string, JobRef>): void {
    for (const [awsJobId, job] of [...this.#jobs]) {
      if (!job.isWantedElsewhere || wanted.has(awsJobId)) continue;
      job.isWantedElsewhere = false;
      if (job.watchers.size === 0) this.#jobs.delete(awsJobId);
    }
    for (const [awsJobId, ref] of wanted) {
      const isNew = !this.#jobs.has(awsJobId);
      const job = this.#jobOf(ref);
      if (!job.isWantedElsewhere) {
        job.isWantedElsewhere = true;
        this.freshness.onWantedElsewhere(job);
      }
      // Whoever watches it has read it just now.
      if (isNew) this.#queue.schedule(job, this.#options.clock.random());
    }
    if (this.#jobs.size === 0) this.stop();
    else this.#queue.rearm();
  }

  /** Which jobs are read here has changed. */
  reassign(): void {
    this.freshness.reassign();
    this.#queue.rearm();
  }

  /** Reads the job at once if it is watched: someone has just changed it. */
  notice(awsJobId: string): void {
    this.#noticedAt.delete(awsJobId);
    this.#noticedAt.set(awsJobId, this.#options.clock.monotonicMs());
    const [oldest] = this.#noticedAt.keys();
    if (this.#noticedAt.size > maxNoticed && oldest !== undefined) this.#noticedAt.delete(oldest);
    this.pollSoon(awsJobId);
  }

  /** As `notice`, for one who has heard of the job and has not changed it: that makes no job young. */
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

  /** Takes in what was listed of the jobs that are watched. */
  take(observed: readonly Observation[], fencingTokens: FencingTokens): void {
    const tick = { random: this.#options.clock.random(), fencingTokens };
    for (const observation of observed) {
      const job = this.#jobs.get(observation.job.awsJobId);
      if (job === undefined) continue;
      job.listedAt = this.#options.clock.monotonicMs();
      this.#recorder.takeListed(job, observation, tick);
    }
  }

  /** Hands on what the log was told, by this gateway or another. */
  dispatch(transition: Transition): void {
    const job = this.#jobs.get(transition.job.awsJobId);
    if (job === undefined) return;
    this.#recorder.catchUp(job, transition);
    if (transition.kind !== 'changed') return;
    // Those who watch may leave while they are told.
    for (const watcher of [...job.watchers]) watcher.onTransition(transition);
  }

  #add(job: WatchedJob, watcher: JobWatcher): void {
    if (job.watchers.size === 0) this.#options.assignment.want(job.ref, true);
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
    await this.#takeIn(due, readings, fencingTokens);
    if (reading.signal.aborted) return;
    this.#reading = undefined;
    this.#queue.endReading();
  }

  /** What a source throws over counts as failed readings: a fault there must not end the polling. */
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

  /** Jobs that were read together stay together, since they share the chance in their next interval. */
  async #takeIn(due: readonly WatchedJob[], { byJob, newest }: Readings, fencingTokens: FencingTokens): Promise<void> {
    const tick = { random: this.#options.clock.random(), fencingTokens };
    for (const job of due) {
      if (byJob.has(job.ref.awsJobId)) continue;
      this.#postpone(job, undefined, tick.random);
    }
    const recordings: Promise<void>[] = [];
    for (const [awsJobId, reading] of byJob) {
      const job = this.#jobs.get(awsJobId);
      const recording = job && this.#apply(job, reading, tick);
      if (recording !== undefined) recordings.push(recording);
    }
    if (recordings.length > 0) await Promise.all(recordings);
    if (newest !== undefined) this.onListed(newest, fencingTokens);
  }

  /** What was begun after the service asked to be left alone, and went well, was begun when that was over. */
  #endHoldOff({ byJob }: Readings, startedAt: number): void {
    if ([...byJob.values()].some(({ outcome }) => outcome === 'observed')) this.freshness.holdOff.onRead(startedAt);
  }

  #apply(job: WatchedJob, reading: Reading, tick: Tick): Promise<void> | undefined {
    if (reading.outcome === 'observed') return this.#recorder.takeRead(job, reading, tick);
    if (reading.outcome === 'gone') {
      this.freshness.onAnswered();
      this.#miss(job);
    } else if (reading.outcome === 'doubtful') this.#doubt(job, tick);
    else this.#postpone(job, reading.retryAfterMs, tick.random);
    return undefined;
  }

  /** Whoever waits for the present waits on. The job is read after its interval all the same: the next list may be right. */
  #doubt(job: WatchedJob, { random }: Tick): void {
    if (job.dueAt === never) this.#queue.schedule(job, random);
    this.#confirmations.ask(job);
  }

  /** A job that is young is asked for again before it counts as gone. */
  #miss(job: WatchedJob): void {
    if (!this.#isYoung(job)) {
      this.#forget(job);
      return;
    }
    job.requeueWaiters();
    this.#queue.scheduleIn(job, youngIntervalMs);
  }

  #isYoung({ ref, seen, listedAt }: WatchedJob): boolean {
    const { clock } = this.#options;
    const knownAt = Math.max(listedAt, this.#noticedAt.get(ref.awsJobId) ?? Number.NEGATIVE_INFINITY);
    const createdAt = seen?.job.createdAt?.getTime() ?? Number.NEGATIVE_INFINITY;
    return clock.monotonicMs() - knownAt < youngMs || Math.abs(clock.now() - createdAt) < youngMs;
  }

  #forget(job: WatchedJob): void {
    const { assignment, clock } = this.#options;
    const told = [...job.watchers];
    if (told.length > 0) assignment.want(job.ref, false);
    this.#jobs.delete(job.ref.awsJobId);
    if (job.isWantedElsewhere) {
      assignment.tell({ about: 'gone', job: job.ref });
      // What is told may get lost: it is read until nobody wants it any more.
      const unwatched = this.#jobOf(job.ref);
      unwatched.isWantedElsewhere = true;
      this.freshness.onWantedElsewhere(unwatched);
      this.#queue.schedule(unwatched, clock.random());
    }
    for (const watcher of told) watcher.onGone(job.ref);
  }

  /** A failed reading is no event: the next one comes later. */
  #postpone(job: WatchedJob, retryAfterMs: number | undefined, random: number): void {
    job.failures += 1;
    job.requeueWaiters();
    // Whoever came while the reading was under way asked for one that begins after that.
    if (job.dueAt !== dueImmediately) this.#queue.schedule(job, random, retryAfterMs);
    this.freshness.onFailed(job, retryAfterMs);
  }
}
