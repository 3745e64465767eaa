/**
 * Remembers when each job's last transition was logged, and what it showed of the job that answers may leave out.
 * Bounded: for most jobs it knows only "not after".
 */
import type { ImportExportJob } from '../../model/import-export-job.ts';
import type { Job } from '../../model/job.ts';
import type { JobRef } from '../../model/job-state.ts';
import { jobKey } from './transition-log.ts';

/** More than the number of jobs that change within the 15 s that a call may take. */
const maxJobs = 10_000;

export interface Logged {
  /** By the monotonic clock. A call that began later shows no earlier state. */
  readonly at: number;
  /** Of a Data Exchange job, if still known. */
  readonly updatedAt: Date | undefined;
  /** Of an Import/Export job, if still known. */
  readonly facts?: Pick<ImportExportJob, 'createdAt' | 'direction'>;
}

export class LastLogged {
  readonly #now: () => number;
  readonly #maxJobs: number;
  /** The job logged last comes last. */
  readonly #jobs = new Map<string, Logged>();
  /** All other jobs were logged no later. */
  #others: Logged = { at: Number.NEGATIVE_INFINITY, updatedAt: undefined };

  constructor(now: () => number, limit = maxJobs) {
    this.#now = now;
    this.#maxJobs = limit;
  }

  note(job: Job): void {
    const key = jobKey(job);
    this.#jobs.delete(key);
    this.#jobs.set(key, loggedAt(this.#now(), job));
    if (this.#jobs.size <= this.#maxJobs) return;
    const [oldest] = this.#jobs;
    if (oldest === undefined) return;
    this.#jobs.delete(oldest[0]);
    this.#others = { at: oldest[1].at, updatedAt: undefined };
  }

  /** The log has been replaced: any job may have changed. */
  reset(): void {
    this.#jobs.clear();
    this.#others = { at: this.#now(), updatedAt: undefined };
  }

  of(ref: JobRef): Logged {
    return this.#jobs.get(jobKey(ref)) ?? this.#others;
  }
}

function loggedAt(at: number, job: Job): Logged {
  return job.service === 'DATA_EXCHANGE'
    ? { at, updatedAt: job.updatedAt }
    : { at, updatedAt: undefined, facts: factsOf(job) };
}

/** What filters need and some answers leave out. */
export function factsOf({ createdAt, direction }: ImportExportJob): Pick<ImportExportJob, 'createdAt' | 'direction'> {
  return { ...(createdAt && { createdAt }), ...(direction && { direction }) };
}
