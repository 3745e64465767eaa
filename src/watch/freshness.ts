/**
 * Which of the watched jobs of one service are stale: what was told of them may be old. What has become of them in one moment is
 * told to each watcher, and to the other gateways, in one go.
 */
import type { Clock } from '../base/clock.ts';
import type { JobRef } from '../model/job-state.ts';
import type { Outlook, PollAssignment } from './cluster/poll-assignment.ts';
import { HoldOff } from './hold-off.ts';
import { failuresUntilStale, Outage } from './outage.ts';
import type { PollQueue } from './poll-queue.ts';
import { type Cadence, farMs, grantedMs, silenceMs } from './schedule.ts';
import { dueImmediately, type JobWatcher, never, type WatchedJob } from './watched-job.ts';

export interface FreshnessOptions {
  readonly clock: Clock;
  readonly cadence: Cadence;
  readonly assignment: PollAssignment;
}

export class Freshness {
  readonly holdOff: HoldOff;
  readonly #options: FreshnessOptions;
  readonly #jobs: ReadonlyMap<string, WatchedJob>;
  readonly #queue: PollQueue;
  /** What is to be looked at before the next flush: jobs by whom is to be told, and those that other gateways are to be told of. */
  #pending = new Map<JobWatcher, Set<WatchedJob>>();
  #forPeers = new Set<WatchedJob>();
  #isFlushing = false;
  readonly #outage = new Outage();
  /** When a job was last read well, in milliseconds since the epoch. */
  #wellAt: number;
  /** Called when the service becomes unreadable, and when it no longer is. */
  onService: () => void = () => {};

  /** `jobs` are all that are watched, by AWS job id. */
  constructor(options: FreshnessOptions, jobs: ReadonlyMap<string, WatchedJob>, queue: PollQueue) {
    this.#options = options;
    this.#jobs = jobs;
    this.#queue = queue;
    this.#wellAt = options.clock.now();
    this.holdOff = new HoldOff(options.clock, () => this.#onUnreadable());
  }

  /** Whether it is the service that cannot be read, or is not to be. */
  get isUnreadable(): boolean {
    return this.holdOff.isActive || this.#outage.isOn;
  }

  /** When a job of the service was last read well, in milliseconds since the epoch. */
  get wellAt(): number {
    return this.#wellAt;
  }

  /** Nothing is watched any more: what is known of the service grows old. */
  stop(): void {
    this.#outage.end(this.#options.clock.monotonicMs());
  }

  /** Whoever begins to watch is told what the others know. */
  onJoin(job: WatchedJob, watcher: JobWatcher): void {
    if (this.holdOff.isActive) this.#setStale(job);
    if (job.isStale) this.#emit(job, [watcher]);
  }

  /** Another gateway has begun to want the job read. Whoever read it before may have told it anything. */
  onWantedElsewhere(job: WatchedJob): void {
    job.isKnownFresh = false;
    if (this.holdOff.isActive) this.#setStale(job);
    if (job.isStale) this.#emitToPeers(job);
  }

  /**
   * The job was read well. That was the last time for long where the service is to be left alone; and for somebody who waited for
   * it where another gateway reads it at its intervals, and cannot.
   */
  onWell(job: WatchedJob): void {
    job.failures = 0;
    job.wellAt = this.#options.clock.now();
    this.onAnswered();
    if (!this.holdOff.isActive && !this.#isPeers(job)) this.#setFresh(job);
  }

  /** The service has said what there is of a job, be it nothing: it can be read. */
  onAnswered(): void {
    const { clock } = this.#options;
    const wasOut = this.#outage.isOn;
    this.#outage.end(clock.monotonicMs());
    this.#wellAt = clock.now();
    if (wasOut) this.onService();
  }

  /** The log was told of the job, by whoever saw it: where it cannot be read at its intervals, that was no more than one look. */
  onSighted(job: WatchedJob): void {
    const { clock, assignment } = this.#options;
    job.wellAt = clock.now();
    if (this.#isPeers(job) || (this.isUnreadable && assignment.isOurs(job.ref))) return;
    job.failures = 0;
    this.#setFresh(job);
  }

  /** Whether another gateway, which cannot read the job, is to say when it can. */
  #isPeers(job: WatchedJob): boolean {
    const { assignment, clock } = this.#options;
    return !assignment.isOurs(job.ref) && clock.monotonicMs() < job.peerSilentAt;
  }

  /** One more reading of the job has failed, and it has been scheduled anew. */
  onFailed(job: WatchedJob, retryAfterMs: number | undefined): void {
    const { clock, cadence } = this.#options;
    if (job.failures === 1) job.failingSince = clock.monotonicMs();
    const granted = grantedMs(retryAfterMs);
    if (granted > farMs(cadence)) this.holdOff.begin(granted);
    if (!this.#queue.isOurs(job)) return;
    if (!this.#outage.isOn && this.#outage.onFailed(job, this.#jobs)) this.#onUnreadable();
    this.#noteFailure(job, this.#outage.isOn || job.failures >= failuresUntilStale);
  }

  /** Which jobs are read here has changed. Those that others read may have been read well all the time. */
  reassign(): void {
    const { assignment } = this.#options;
    for (const job of this.#jobs.values()) {
      const isReadHere = assignment.isOurs(job.ref) || assignment.isCutOff();
      if (isReadHere && !job.isReadHere) this.#takeOver(job);
      job.isReadHere = isReadHere;
      if (!this.#queue.isOurs(job)) job.failures = 0;
    }
  }

  #takeOver(job: WatchedJob): void {
    if (job.isStale) this.#queue.scheduleIn(job, 0);
    else job.wellAt = this.#options.clock.now();
  }

  /**
   * Another gateway cannot read these jobs, and looks again in `nextInMs`. Since notices get lost, they are read here if nothing
   * more is heard of them by then.
   */
  onPeerStale(jobs: readonly JobRef[], { since, nextInMs }: Outlook): void {
    const { assignment, cadence, clock } = this.#options;
    const waitMs = silenceMs(cadence, nextInMs);
    for (const job of this.#watchedOf(jobs)) {
      if (job.isStale) job.failures += 1;
      else job.wellAt = since.getTime();
      job.peerSilentAt = clock.monotonicMs() + waitMs;
      this.#noteFailure(job, true);
      if (!assignment.isOurs(job.ref)) this.#queue.defer(job, waitMs);
    }
  }

  /** Another gateway has read these jobs well. */
  onPeerFresh(jobs: readonly JobRef[]): void {
    const { clock } = this.#options;
    for (const job of this.#watchedOf(jobs)) {
      job.wellAt = clock.now();
      job.peerSilentAt = Number.NEGATIVE_INFINITY;
      if (!job.isStale) continue;
      job.failures = 0;
      this.#setFresh(job);
      if (job.dueAt !== dueImmediately && job.dueAt !== never) this.#queue.schedule(job, clock.random());
    }
  }

  #watchedOf(refs: readonly JobRef[]): readonly WatchedJob[] {
    return refs.flatMap(({ awsJobId }) => this.#jobs.get(awsJobId) ?? []);
  }

  #onUnreadable(): void {
    for (const job of this.#jobs.values()) if (this.#queue.isOurs(job)) this.#setStale(job);
    this.onService();
  }

  /** A job that fails on and on is told of again and again: to other gateways each time, to streams as they may need. */
  #noteFailure(job: WatchedJob, isStale: boolean): void {
    if (!job.isStale) {
      if (isStale) this.#setStale(job);
      return;
    }
    this.#emitToPeers(job);
    if (job.failures % failuresUntilStale === 0) this.#emit(job, job.watchers);
  }

  #setStale(job: WatchedJob): void {
    if (job.isStale) return;
    job.isStale = true;
    job.isKnownFresh = false;
    this.#emit(job, job.watchers);
    this.#emitToPeers(job);
  }

  #setFresh(job: WatchedJob): void {
    if (!job.isKnownFresh) this.#emitToPeers(job);
    job.isKnownFresh = true;
    if (!job.isStale) return;
    job.isStale = false;
    this.#emit(job, job.watchers);
  }

  #emit(job: WatchedJob, watchers: Iterable<JobWatcher>): void {
    for (const watcher of watchers) {
      const jobs = this.#pending.get(watcher) ?? new Set();
      this.#pending.set(watcher, jobs.add(job));
    }
    this.#flushSoon();
  }

  #emitToPeers(job: WatchedJob): void {
    if (!job.isWantedElsewhere) return;
    this.#forPeers.add(job);
    this.#flushSoon();
  }

  #flushSoon(): void {
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    queueMicrotask(() => this.#flush());
  }

  /** Tells what is true by now, whatever came in between. */
  #flush(): void {
    const [pending, forPeers] = [this.#pending, this.#forPeers];
    this.#pending = new Map();
    this.#forPeers = new Set();
    this.#isFlushing = false;
    const moment = {};
    for (const [watcher, jobs] of pending) {
      const watched = [...jobs].filter((job) => job.watchers.has(watcher));
      const fresh = watched.filter((job) => !job.isStale).map(({ ref }) => ref);
      const stale = watched.filter((job) => job.isStale);
      if (fresh.length > 0) watcher.onFresh(fresh, moment);
      if (stale.length > 0) watcher.onStale(stale, moment);
    }
    this.#tellPeers([...forPeers].filter((job) => job.isWantedElsewhere));
  }

  #tellPeers(jobs: readonly WatchedJob[]): void {
    const { assignment } = this.#options;
    const fresh = jobs.filter((job) => !job.isStale);
    const stale = jobs.filter((job) => job.isStale);
    if (fresh.length > 0) assignment.tell({ about: 'fresh', jobs: fresh.map(({ ref }) => ref) });
    if (stale.length === 0) return;
    // Not by spreading: no call takes as many arguments as jobs may be watched.
    const since = new Date(stale.reduce((least, { wellAt }) => Math.min(least, wellAt), Number.POSITIVE_INFINITY));
    assignment.tell({ about: 'stale', jobs: stale.map(({ ref }) => ref), since, nextInMs: this.#nextInMs(stale) });
  }

  /** When the last of them is looked at again. One that is being read now says so soon. */
  #nextInMs(jobs: readonly WatchedJob[]): number {
    const now = this.#options.clock.monotonicMs();
    const inMs = ({ dueAt }: WatchedJob): number => (dueAt === never ? 0 : dueAt - now);
    return jobs.reduce((most, job) => Math.max(most, inMs(job)), this.holdOff.leftMs);
  }
}
