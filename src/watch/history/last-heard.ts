/** When the log last told of each job, and what the service said then of its age. Bounded: of most it knows only "not after". */
import type { Job } from '../../model/job.ts';
import type { JobRef } from '../../model/job-state.ts';
import { jobKey } from './transition-log.ts';

/** More jobs than change within the 15 s that a call may take. */
const maxJobs = 10_000;

export interface Heard {
  /** By the monotonic clock; no call that began after this shows what was before it. */
  readonly at: number;
  /** Of a Data Exchange job, where it is still known. */
  readonly updatedAt: Date | undefined;
}

export class LastHeard {
  readonly #now: () => number;
  readonly #maxJobs: number;
  /** The one heard of last comes last. */
  readonly #jobs = new Map<string, Heard>();
  /** All others were heard of no later. */
  #others: Heard = { at: Number.NEGATIVE_INFINITY, updatedAt: undefined };

  constructor(now: () => number, limit = maxJobs) {
    this.#now = now;
    this.#maxJobs = limit;
  }

  note(job: Job): void {
    const key = jobKey(job);
    this.#jobs.delete(key);
    this.#jobs.set(key, { at: this.#now(), updatedAt: job.service === 'DATA_EXCHANGE' ? job.updatedAt : undefined });
    if (this.#jobs.size <= this.#maxJobs) return;
    const [oldest] = this.#jobs;
    if (oldest === undefined) return;
    this.#jobs.delete(oldest[0]);
    this.#others = { at: oldest[1].at, updatedAt: undefined };
  }

  /** The log has begun anew, with what was told elsewhere. */
  noteAll(): void {
    this.#jobs.clear();
    this.#others = { at: this.#now(), updatedAt: undefined };
  }

  of(ref: JobRef): Heard {
    return this.#jobs.get(jobKey(ref)) ?? this.#others;
  }
}
