/** Which of a service's jobs have come into being since its activity is watched. */
import type { Job } from '../job.ts';

export class KnownJobs {
  /** Those of the newest list. */
  #listed: ReadonlySet<string> = new Set();
  /** Jobs created from here on, and not listed before, are new. Before the first list: those created since it was asked for. */
  #newestAt: number | undefined;
  /** Whether that is this gateway's own time, and not yet that of a job. */
  #isOwnTime = false;

  get hasBegun(): boolean {
    return this.#newestAt !== undefined;
  }

  /** Whatever is there by `now`, by this gateway's own clock, is old. */
  begin(now: number): void {
    this.#listed = new Set();
    // List entries of Import/Export have whole seconds.
    this.#newestAt = Math.floor(now / 1_000) * 1_000;
    this.#isOwnTime = true;
  }

  has(awsJobId: string): boolean {
    return this.#listed.has(awsJobId);
  }

  isNew(job: Job): boolean {
    return !this.#listed.has(job.awsJobId) && createdAt(job) >= (this.#newestAt ?? 0);
  }

  /** `jobs` are the newest by now. */
  learn(jobs: readonly Job[]): void {
    this.#listed = new Set(jobs.map((job) => job.awsJobId));
    // From the first list on the services' own time counts: a clock that is ahead would hide what is new until they are as far.
    const newestAt = this.#isOwnTime ? 0 : (this.#newestAt ?? 0);
    this.#newestAt = Math.max(newestAt, ...jobs.map(createdAt));
    this.#isOwnTime = false;
  }
}

function createdAt(job: Job): number {
  return job.createdAt?.getTime() ?? 0;
}
