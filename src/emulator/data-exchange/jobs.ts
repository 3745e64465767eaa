/**
 * Stores the jobs and moves them: WAITING, IN_PROGRESS once started, then COMPLETED or ERROR.
 *
 * There are no timers. Each reader calls `settle` first, which makes the transitions that are due and dates them to the
 * instants when they were due.
 */
import { Register } from '../register.ts';
import { newId } from './catalog.ts';
import { conflict, limitExceeded } from './errors.ts';
import type { Job, JobState } from './job.ts';
import type { JobError } from './job-failure.ts';
import type { JobRequest } from './job-types/job-type.ts';

/** The service removes jobs 90 days after their creation (Data Exchange User Guide, "Jobs"). */
const retentionMs = 90 * 24 * 60 * 60 * 1000;

export interface JobsOptions {
  /** How long a job is in progress. */
  readonly stepMs: number;
  /** Performs the work of a job as of an instant and returns its errors. */
  readonly work: (job: Job, at: number) => readonly JobError[];
}

export class Jobs {
  readonly #options: JobsOptions;
  readonly #register = new Register<Job>();
  /** The jobs with scheduled transitions. */
  readonly #moving = new Set<Job>();
  readonly #inProgress = new Map<string, number>();

  constructor(options: JobsOptions) {
    this.#options = options;
  }

  /** Adds a WAITING job, unless `overrides` says otherwise. */
  add(request: JobRequest, createdAt: number, overrides: Partial<Job> = {}): Job {
    const job: Job = { ...waitingJob(request, createdAt), ...overrides };
    this.#register.add(job);
    if (job.course !== undefined) this.#moving.add(job);
    return job;
  }

  get(id: string): Job | undefined {
    return this.#register.get(id);
  }

  newestFirst(afterId?: string): Iterable<Job> | undefined {
    return this.#register.newestFirst(afterId);
  }

  /** Makes all transitions that are due by `now`. */
  settle(now: number): void {
    for (const job of this.#register.removeCreatedBefore(now - retentionMs)) this.#untrack(job);
    for (const job of this.#moving) this.#advance(job, now);
  }

  /** Throws ConflictException unless the job waits, ServiceLimitExceededException if too many are in progress. */
  start(job: Job, now: number): void {
    this.#checkWaiting(job, 'started');
    const { name, value } = job.request.concurrency;
    if ((this.#inProgress.get(job.request.type) ?? 0) >= value) throw limitExceeded(name, value);
    job.course = { startsAt: now, endsAt: now + this.#options.stepMs };
    this.#moving.add(job);
    this.#advance(job, now);
  }

  /** Throws ConflictException unless the job waits. */
  cancel(job: Job, now: number): void {
    this.#checkWaiting(job, 'cancelled');
    this.move(job, 'CANCELLED', now);
  }

  /** For the control API: puts the job into any state and ends its scheduled transitions. */
  move(job: Job, state: JobState, now: number, errors: readonly JobError[] = []): void {
    if (state === 'COMPLETED' && job.state !== 'COMPLETED') this.#options.work(job, now);
    this.#stop(job);
    this.#setState(job, state, now);
    job.errors = errors;
  }

  forget(job: Job): void {
    this.#register.remove(job.id);
    this.#untrack(job);
  }

  #advance(job: Job, now: number): void {
    const { course } = job;
    if (course === undefined) return;
    if (job.state === 'WAITING' && course.startsAt <= now) this.#begin(job, course.startsAt);
    if (job.state === 'IN_PROGRESS' && course.endsAt <= now) this.#finish(job, course.endsAt);
  }

  #begin(job: Job, at: number): void {
    job.startedAt = at;
    this.#setState(job, 'IN_PROGRESS', at);
  }

  #finish(job: Job, at: number): void {
    job.errors = this.#options.work(job, at);
    this.#stop(job);
    this.#setState(job, job.errors.length > 0 ? 'ERROR' : 'COMPLETED', at);
  }

  #setState(job: Job, state: JobState, at: number): void {
    this.#countInProgress(job, Number(state === 'IN_PROGRESS') - Number(job.state === 'IN_PROGRESS'));
    job.state = state;
    job.updatedAt = at;
  }

  #stop(job: Job): void {
    job.course = undefined;
    this.#moving.delete(job);
  }

  #untrack(job: Job): void {
    this.#stop(job);
    this.#countInProgress(job, -Number(job.state === 'IN_PROGRESS'));
  }

  #countInProgress({ request }: Job, change: number): void {
    this.#inProgress.set(request.type, (this.#inProgress.get(request.type) ?? 0) + change);
  }

  #checkWaiting(job: Job, participle: string): void {
    if (job.state === 'WAITING') return;
    throw conflict(`A job in the state ${job.state} cannot be ${participle}.`, 'JOB', job.id);
  }
}

function waitingJob(request: JobRequest, createdAt: number): Job {
  return {
    id: newId(),
    request,
    assetConfiguration: undefined,
    createdAt,
    updatedAt: createdAt,
    state: 'WAITING',
    errors: [],
    course: undefined,
    startedAt: undefined,
    upload: undefined,
    download: undefined,
  };
}
