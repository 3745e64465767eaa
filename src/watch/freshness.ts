/**
 * Tracks which watched jobs of one service are stale: their last events may be out of date. Changes of one pass are
 * emitted to each watcher, and to the other gateways, together.
 */
import type { Clock } from '../base/clock.ts';
import type { JobRef } from '../model/job-state.ts';
import type { PollAssignment, Staleness } from './cluster/poll-assignment.ts';
import { HoldOff } from './hold-off.ts';
import { failuresUntilStale, Outage } from './outage.ts';
import { type Cadence, effectiveRetryAfterMs, peerTimeoutMs, staleAfterMs } from './poll-interval.ts';
import type { PollQueue } from './poll-queue.ts';
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
  /** Jobs whose status the next flush emits: by watcher, and those for other gateways. */
  #pending = new Map<JobWatcher, Set<WatchedJob>>();
  #forPeers = new Set<WatchedJob>();
  #isFlushing = false;
  readonly #outage = new Outage();
  /** When any job was last read successfully, in milliseconds since the epoch. */
  #lastReadAt: number;
  /** Called when the service becomes unreadable or readable. */
  onServiceChange: () => void = () => {};

  /** `jobs` holds all watched jobs, by AWS job id. */
  constructor(options: FreshnessOptions, jobs: ReadonlyMap<string, WatchedJob>, queue: PollQueue) {
    this.#options = options;
    this.#jobs = jobs;
    this.#queue = queue;
    this.#lastReadAt = options.clock.now();
    this.holdOff = new HoldOff(options.clock, () => this.#onUnreadable());
  }

  /** Whether the whole service cannot be read, or has asked for a long wait. */
  get isUnreadable(): boolean {
    return this.holdOff.isActive || this.#outage.isActive;
  }

  /** When any job of the service was last read successfully, in milliseconds since the epoch. */
  get lastReadAt(): number {
    return this.#lastReadAt;
  }

  /** No job is watched any more: what is known of the service becomes outdated. */
  stop(): void {
    this.#outage.end(this.#options.clock.monotonicMs());
  }

  /** Emits to a new watcher what the job's other watchers have received. */
  onJoin(job: WatchedJob, watcher: JobWatcher): void {
    if (this.holdOff.isActive) this.#setStale(job);
    if (job.isStale) this.#emit(job, [watcher]);
  }

  /** Another gateway has begun to watch the job. What the previous reader of the job emitted to it is not known. */
  onWatchedElsewhere(job: WatchedJob): void {
    job.isFreshForPeers = false;
    if (this.holdOff.isActive) this.#setStale(job);
    if (job.isStale) this.#emitToPeers(job);
  }

  /**
   * The job was read successfully. It stays stale if the service has asked for a long wait, and if this was one read
   * for a new watcher while the gateway that reads the job regularly cannot.
   */
  onRead(job: WatchedJob): void {
    job.failures = 0;
    job.lastReadAt = this.#options.clock.now();
    this.onAnswered();
    if (!this.holdOff.isActive && !this.#isReadByPeer(job)) this.#setFresh(job);
  }

  /** The service has answered about a job, if only that it does not exist: so it can be read. */
  onAnswered(): void {
    const { clock } = this.#options;
    const wasOutage = this.#outage.isActive;
    this.#outage.end(clock.monotonicMs());
    this.#lastReadAt = clock.now();
    if (wasOutage) this.onServiceChange();
  }

  /**
   * The log received a transition of the job, whoever observed it. While the job cannot be read regularly, that does
   * not make it fresh.
   */
  onLogged(job: WatchedJob): void {
    const { clock, assignment } = this.#options;
    job.lastReadAt = clock.now();
    if (this.#isReadByPeer(job) || (this.isUnreadable && assignment.isOurs(job.ref))) return;
    job.failures = 0;
    this.#setFresh(job);
  }

  /** Whether another gateway, which could not read the job, is expected to report on it. */
  #isReadByPeer(job: WatchedJob): boolean {
    const { assignment, clock } = this.#options;
    return !assignment.isOurs(job.ref) && clock.monotonicMs() < job.peerTimeoutAt;
  }

  /** A reading of the job has failed, and its next one is scheduled. */
  onFailed(job: WatchedJob, retryAfterMs: number | undefined): void {
    const { clock, cadence } = this.#options;
    if (job.failures === 1) job.failingSince = clock.monotonicMs();
    const waitMs = effectiveRetryAfterMs(retryAfterMs);
    if (waitMs > staleAfterMs(cadence)) this.holdOff.begin(waitMs);
    if (!this.#queue.isOurs(job)) return;
    if (!this.#outage.isActive && this.#outage.onFailed(job, this.#jobs)) this.#onUnreadable();
    this.#noteFailure(job, this.isUnreadable || job.failures >= failuresUntilStale);
  }

  /** The assignment has changed. Jobs that other gateways read may have been read successfully all the time. */
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
    else job.lastReadAt = this.#options.clock.now();
  }

  /**
   * Another gateway cannot read these jobs, and tries again in `nextInMs`. Notices may get lost: this gateway reads the
   * jobs itself if no other notice arrives in time.
   */
  onPeerStale(jobs: readonly JobRef[], { since, nextInMs }: Staleness): void {
    const { assignment, cadence, clock } = this.#options;
    const waitMs = peerTimeoutMs(cadence, nextInMs);
    for (const job of this.#watchedJobs(jobs)) {
      if (job.isStale) job.failures += 1;
      else job.lastReadAt = since.getTime();
      job.peerTimeoutAt = clock.monotonicMs() + waitMs;
      this.#noteFailure(job, true);
      if (!assignment.isOurs(job.ref)) this.#queue.defer(job, waitMs);
    }
  }

  /** Another gateway has read these jobs successfully. */
  onPeerFresh(jobs: readonly JobRef[]): void {
    const { clock } = this.#options;
    for (const job of this.#watchedJobs(jobs)) {
      job.lastReadAt = clock.now();
      job.peerTimeoutAt = Number.NEGATIVE_INFINITY;
      if (!job.isStale) continue;
      job.failures = 0;
      this.#setFresh(job);
      if (job.dueAt !== dueImmediately && job.dueAt !== never) this.#queue.schedule(job, clock.random());
    }
  }

  #watchedJobs(refs: readonly JobRef[]): readonly WatchedJob[] {
    return refs.flatMap(({ awsJobId }) => this.#jobs.get(awsJobId) ?? []);
  }

  #onUnreadable(): void {
    for (const job of this.#jobs.values()) if (this.#queue.isOurs(job)) this.#setStale(job);
    this.onServiceChange();
  }

  /**
   * A job that keeps failing is reported to the other gateways each time, and to its watchers after every
   * `failuresUntilStale` failures.
   */
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
    job.isFreshForPeers = false;
    this.#emit(job, job.watchers);
    this.#emitToPeers(job);
  }

  #setFresh(job: WatchedJob): void {
    if (!job.isFreshForPeers) this.#emitToPeers(job);
    job.isFreshForPeers = true;
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
    if (!job.isWatchedElsewhere) return;
    this.#forPeers.add(job);
    this.#flushSoon();
  }

  #flushSoon(): void {
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    queueMicrotask(() => this.#flush());
  }

  /** Emits each job's status as it is now, whatever came in between. */
  #flush(): void {
    const [pending, forPeers] = [this.#pending, this.#forPeers];
    this.#pending = new Map();
    this.#forPeers = new Set();
    this.#isFlushing = false;
    const batch = {};
    for (const [watcher, jobs] of pending) {
      const watched = [...jobs].filter((job) => job.watchers.has(watcher));
      const fresh = watched.filter((job) => !job.isStale).map(({ ref }) => ref);
      const stale = watched.filter((job) => job.isStale);
      if (fresh.length > 0) watcher.onFresh(fresh, batch);
      if (stale.length > 0) watcher.onStale(stale, batch);
    }
    this.#notifyPeers([...forPeers].filter((job) => job.isWatchedElsewhere));
  }

  #notifyPeers(jobs: readonly WatchedJob[]): void {
    const { assignment } = this.#options;
    const fresh = jobs.filter((job) => !job.isStale);
    const stale = jobs.filter((job) => job.isStale);
    if (fresh.length > 0) assignment.notifyPeers({ about: 'fresh', jobs: fresh.map(({ ref }) => ref) });
    if (stale.length === 0) return;
    // Not by spreading into Math.min: more jobs may be watched than a call takes arguments.
    const since = new Date(
      stale.reduce((least, { lastReadAt }) => Math.min(least, lastReadAt), Number.POSITIVE_INFINITY),
    );
    assignment.notifyPeers({
      about: 'stale',
      jobs: stale.map(({ ref }) => ref),
      since,
      nextInMs: this.#nextInMs(stale),
    });
  }

  /** When the last of them is read again. For a job that is being read now that is zero. */
  #nextInMs(jobs: readonly WatchedJob[]): number {
    const now = this.#options.clock.monotonicMs();
    const inMs = ({ dueAt }: WatchedJob): number => (dueAt === never ? 0 : dueAt - now);
    return jobs.reduce((most, job) => Math.max(most, inMs(job)), this.holdOff.remainingMs);
  }
}
