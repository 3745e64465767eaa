/** Stores the jobs of the account: found by id in any case, listed newest first, at most 50 new ones a day. */
import { Register } from '../register.ts';
import { ImportExportError, invalidJobId } from './errors.ts';
import { type Course, isCancelled, isGone, type Job, type Status, statusAt } from './job.ts';
import { newJobId } from './job-id.ts';
import type { Manifest } from './manifest.ts';

/** Developer Guide, "Limits". When its day begins is unknown; here at midnight UTC. */
const jobsPerDay = 50;
const dayMs = 24 * 60 * 60 * 1000;

export interface NewJob {
  readonly manifest: Manifest;
  readonly createdAt: number;
  readonly course?: Course | undefined;
  readonly fixed?: Status | undefined;
  readonly id?: string;
}

export class Jobs {
  readonly #register = new Register<Job>();
  #today = { day: 0, count: 0 };

  add({ manifest, createdAt, course, fixed, id = this.#unusedId() }: NewJob): Job {
    const job: Job = { id, createdAt, manifest, course, fixed };
    this.#register.add(job);
    return job;
  }

  /** Throws CreateJobQuotaExceededException. */
  countNew(now: number): void {
    const day = Math.floor(now / dayMs);
    const count = this.#today.day === day ? this.#today.count : 0;
    if (count >= jobsPerDay) {
      throw new ImportExportError(
        'CreateJobQuotaExceededException',
        `Your account may create ${jobsPerDay} jobs a day`,
      );
    }
    this.#today = { day, count: count + 1 };
  }

  /** Throws InvalidJobIdException for an unknown id and ExpiredJobIdException for a removed job. */
  require(jobId: string, now: number): Job {
    const job = this.find(jobId);
    if (job === undefined) throw invalidJobId(jobId);
    if (isGone(job, now)) throw new ImportExportError('ExpiredJobIdException', `The job ${jobId} has expired`);
    return job;
  }

  /** As `require`, and also throws CanceledJobIdException or ExpiredJobIdException for a cancelled or expired job. */
  requireActive(jobId: string, now: number): Job {
    const job = this.require(jobId, now);
    if (isCancelled(job, now)) {
      throw new ImportExportError('CanceledJobIdException', `The job ${jobId} was canceled`);
    }
    if (statusAt(job, now).progressCode === 'Expired') {
      throw new ImportExportError('ExpiredJobIdException', `The job ${jobId} has expired`);
    }
    return job;
  }

  find(jobId: string): Job | undefined {
    return this.#register.get(jobId.toUpperCase());
  }

  /** Undefined if there is no job `afterJobId`. */
  newestFirst(afterJobId?: string): Iterable<Job> | undefined {
    return this.#register.newestFirst(afterJobId?.toUpperCase());
  }

  forget(job: Job): void {
    this.#register.remove(job.id);
  }

  #unusedId(): string {
    for (;;) {
      const id = newJobId();
      if (this.#register.get(id) === undefined) return id;
    }
  }
}
