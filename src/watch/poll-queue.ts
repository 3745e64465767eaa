/** Schedules the readings of the watched jobs of one service. */
import type { Clock } from '../base/clock.ts';
import type { PollAssignment } from './cluster/poll-assignment.ts';
import { type Cadence, intervalMs } from './poll-interval.ts';
import type { StateSource } from './state-source.ts';
import { dueImmediately, never, type WatchedJob } from './watched-job.ts';

export interface PollQueueOptions {
  readonly source: Pick<StateSource, 'batchSize' | 'readsPages'>;
  readonly clock: Clock;
  readonly cadence: Cadence;
  readonly assignment: PollAssignment;
}

export class PollQueue {
  readonly #options: PollQueueOptions;
  readonly #jobs: ReadonlyMap<string, WatchedJob>;
  readonly #onDue: () => void;
  #timer: { readonly dueAt: number; readonly cancel: () => void } | undefined;
  #isReading = false;
  /** When the last reading began: intervals run from start to start, or slow answers would stretch them. */
  #readAt = 0;

  /** `jobs` holds all watched jobs, by AWS job id. `onDue` is called when there may be jobs to `take`. */
  constructor(options: PollQueueOptions, jobs: ReadonlyMap<string, WatchedJob>, onDue: () => void) {
    this.#options = options;
    this.#jobs = jobs;
    this.#onDue = onDue;
  }

  /**
   * Whether this gateway reads the job: if it is assigned here; if a watcher here waits for its present state; if other
   * gateways cannot be reached; and while it is stale, as no notice of another gateway is certain to arrive.
   */
  isOurs(job: WatchedJob): boolean {
    const { assignment } = this.#options;
    const isAwaited = job.dueAt === dueImmediately || job.waiters.size > 0;
    return isAwaited || job.isStale || assignment.isOurs(job.ref) || assignment.isCutOff();
  }

  /** Schedules the job at once. */
  pollSoon(job: WatchedJob): void {
    job.dueAt = dueImmediately;
    this.#arm(dueImmediately);
  }

  /** Schedules the job after its interval. `random` is from 0 to 1; jobs with the same value stay together. */
  schedule(job: WatchedJob, random: number, retryAfterMs?: number): void {
    const { cadence, clock } = this.#options;
    const now = clock.monotonicMs();
    const history = { ageMs: now - job.changedAt, failures: job.failures, retryAfterMs };
    const from = job.failures > 0 ? now : Math.max(this.#readAt, now - cadence.minMs / 2);
    job.dueAt = from + intervalMs(cadence, history, random);
    // After a list no reading ends that would arm the timer. All watchers may have left while the entry was written.
    const isWatched = this.#jobs.get(job.ref.awsJobId) === job;
    if (isWatched && this.isOurs(job)) this.#arm(job.dueAt);
  }

  /** Schedules the job after `delayMs`, whatever its interval, unless it is due before. */
  scheduleIn(job: WatchedJob, delayMs: number): void {
    const dueAt = this.#options.clock.monotonicMs() + delayMs;
    if (job.dueAt <= dueAt) return;
    job.dueAt = dueAt;
    this.#arm(dueAt);
  }

  /**
   * Another gateway reads the job: postpones it by `delayMs`, unless a watcher here waits for it or it is being read.
   */
  defer(job: WatchedJob, delayMs: number): void {
    if (job.dueAt === dueImmediately || job.dueAt === never || job.waiters.size > 0) return;
    job.dueAt = this.#options.clock.monotonicMs() + delayMs;
    this.#arm(job.dueAt);
  }

  /** The job has changed: schedules it after the shortest interval, unless it is due before or being read. */
  noteChange(job: WatchedJob): void {
    const { cadence, clock } = this.#options;
    job.changedAt = clock.monotonicMs();
    const soon = job.changedAt + cadence.minMs;
    if (job.dueAt === never || job.dueAt <= soon) return;
    job.dueAt = soon;
    this.#arm(soon);
  }

  /** Call this after the jobs or their assignment have changed. */
  rearm(): void {
    this.#arm(this.#firstDueAt());
  }

  /**
   * Takes up to one reading's number of due jobs, the longest overdue first, and begins the reading if there are any.
   */
  take(): readonly WatchedJob[] {
    const due = this.#due();
    if (due.length === 0) return due;
    this.#isReading = true;
    this.#readAt = this.#options.clock.monotonicMs();
    for (const job of due) job.beginReading();
    return due;
  }

  endReading(): void {
    this.#isReading = false;
    this.rearm();
  }

  stop(): void {
    this.#disarm();
    this.#isReading = false;
  }

  #due(): readonly WatchedJob[] {
    const { clock, cadence, source } = this.#options;
    const now = clock.monotonicMs();
    if (this.#firstDueAt() > now) return [];
    const soon = source.readsPages ? now + cadence.minMs / 2 : now;
    return [...this.#jobs.values()]
      .filter((job) => job.dueAt <= soon && this.isOurs(job))
      .sort((a, b) => a.dueAt - b.dueAt)
      .slice(0, source.batchSize);
  }

  #firstDueAt(): number {
    let dueAt = never;
    for (const job of this.#jobs.values()) if (this.isOurs(job)) dueAt = Math.min(dueAt, job.dueAt);
    return dueAt;
  }

  /**
   * Sets the only timer, for the job that is due first. While a reading is under way there is none: its end sets the
   * next.
   */
  #arm(dueAt: number): void {
    if (this.#isReading || dueAt === never) return;
    if (this.#timer !== undefined && this.#timer.dueAt <= dueAt) return;
    this.#disarm();
    const delayMs = Math.max(0, dueAt - this.#options.clock.monotonicMs());
    this.#timer = { dueAt, cancel: this.#options.clock.schedule(() => this.#onTimer(), delayMs) };
  }

  #disarm(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #onTimer(): void {
    this.#timer = undefined;
    this.#onDue();
  }
}
