/** Which of the watched jobs are read next, and when. */
import type { Clock } from '../base/clock.ts';
import type { PollAssignment } from './cluster/poll-assignment.ts';
import { type Cadence, intervalMs } from './schedule.ts';
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
  /** When the last reading began: intervals go from beginning to beginning, or slow answers would stretch them. */
  #readAt = 0;

  /** `jobs` are all that are watched, by AWS job id. `onDue` is called when there may be some to `take`. */
  constructor(options: PollQueueOptions, jobs: ReadonlyMap<string, WatchedJob>, onDue: () => void) {
    this.#options = options;
    this.#jobs = jobs;
    this.#onDue = onDue;
  }

  /**
   * Who waits for the present is not made to wait for another gateway; while there is none to be known of, all are tried; and what
   * is stale is tried until it is well, as no word of another gateway is certain to come.
   */
  isOurs(job: WatchedJob): boolean {
    const { assignment } = this.#options;
    const isAwaited = job.dueAt === dueImmediately || job.awaiting.size > 0;
    return isAwaited || job.isStale || assignment.isOurs(job.ref) || assignment.isCutOff();
  }

  /** Has the job read at once. */
  pollSoon(job: WatchedJob): void {
    job.dueAt = dueImmediately;
    this.#arm(dueImmediately);
  }

  /** Has the job read after its interval. `random` is from 0 to 1; jobs that share it stay together. */
  schedule(job: WatchedJob, random: number, retryAfterMs?: number): void {
    const { cadence, clock } = this.#options;
    const now = clock.monotonicMs();
    const history = { ageMs: now - job.changedAt, failures: job.failures, retryAfterMs };
    const from = job.failures > 0 ? now : Math.max(this.#readAt, now - cadence.minMs / 2);
    job.dueAt = from + intervalMs(cadence, history, random);
    // Where a list has brought it, no reading ends that would arm the next one. Everybody may have left while it was written down.
    const isWatched = this.#jobs.get(job.ref.awsJobId) === job;
    if (isWatched && this.isOurs(job)) this.#arm(job.dueAt);
  }

  /** Has the job read after `delayMs`, whatever its interval, unless it is due before that. */
  scheduleIn(job: WatchedJob, delayMs: number): void {
    const dueAt = this.#options.clock.monotonicMs() + delayMs;
    if (job.dueAt <= dueAt) return;
    job.dueAt = dueAt;
    this.#arm(dueAt);
  }

  /** Another gateway reads the job: not for `delayMs`, unless somebody here waits for it, or it is being read. */
  defer(job: WatchedJob, delayMs: number): void {
    if (job.dueAt === dueImmediately || job.dueAt === never || job.awaiting.size > 0) return;
    job.dueAt = this.#options.clock.monotonicMs() + delayMs;
    this.#arm(job.dueAt);
  }

  /** The job has changed: it is read after the shortest interval, unless it is due before that or being read. */
  noteChange(job: WatchedJob): void {
    const { cadence, clock } = this.#options;
    job.changedAt = clock.monotonicMs();
    const soon = job.changedAt + cadence.minMs;
    if (job.dueAt === never || job.dueAt <= soon) return;
    job.dueAt = soon;
    this.#arm(soon);
  }

  /** Which jobs there are, or which of them are read here, has changed. */
  rearm(): void {
    this.#arm(this.#firstDueAt());
  }

  /** Takes as many jobs as one reading takes, those first that have waited longest. Unless there are none, the reading begins. */
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

  /** One timer, for whatever is due first. While a reading is under way there is none: its end arms the next. */
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
