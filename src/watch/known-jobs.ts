/** Tells new jobs of a service from those that existed before its activity was watched. */
import type { Job } from '../model/job.ts';

/** Max number of known jobs. Beyond it the older half, by creation, is forgotten. More than any sweep lists. */
const maxJobs = 10_000;

/**
 * The jobs of the first list are old, unless they were created after it was requested. From then on a job is new if no
 * list has shown it: creation times are not compared, since the service has more than one clock and lists may lag. Jobs
 * older than the end of the first list are not known, and never count as new.
 */
export class KnownJobs {
  /** Creation time by AWS job id. */
  #listed = new Map<string, number>();
  #beganAt: number | undefined;
  /** Jobs created up to here may be old, though no list has shown them. Undefined before the first list. */
  #floor: number | undefined;

  get hasBegun(): boolean {
    return this.#beganAt !== undefined;
  }

  /** Jobs created before `since`, by this gateway's clock, are old. */
  begin(since: number): void {
    this.#listed = new Map();
    this.#floor = undefined;
    this.#beganAt = since;
  }

  /** As if it had begun at `since` already. Returns false if it had. */
  beginEarlier(since: number): boolean {
    if (since >= (this.#beganAt ?? Number.POSITIVE_INFINITY)) return false;
    this.#beganAt = since;
    for (const [awsJobId, at] of this.#listed) if (at >= asPreciseAs(at, since)) this.#listed.delete(awsJobId);
    return true;
  }

  /** As if no list had shown the job. */
  forget(awsJobId: string): void {
    this.#listed.delete(awsJobId);
  }

  has(awsJobId: string): boolean {
    return this.#listed.has(awsJobId);
  }

  isNew(job: Job): boolean {
    if (this.#listed.has(job.awsJobId)) return false;
    if (this.#floor === undefined) return createdAt(job) >= asPreciseAs(createdAt(job), this.#beganAt ?? 0);
    return createdAt(job) > this.#floor;
  }

  /** Adds listed jobs; `isWhole` if the list has no others. */
  add(jobs: readonly Job[], isWhole: boolean): void {
    for (const job of jobs) this.#listed.set(job.awsJobId, createdAt(job));
    const oldest = jobs.reduce((least, job) => Math.min(least, createdAt(job)), Number.POSITIVE_INFINITY);
    this.#floor ??= isWhole || jobs.length === 0 ? Number.NEGATIVE_INFINITY : oldest;
    if (this.#listed.size > maxJobs) this.#forgetOldest(this.#floor);
  }

  #forgetOldest(floor: number): void {
    const newestFirst = [...this.#listed].sort(([, a], [, b]) => b - a);
    const [, newestForgotten = floor] = newestFirst[maxJobs / 2] ?? [];
    this.#listed = new Map(newestFirst.slice(0, maxJobs / 2));
    this.#floor = Math.max(floor, newestForgotten);
  }
}

/** `at` in whole seconds if the date of a job is: list entries of Import/Export have whole seconds. */
function asPreciseAs(created: number, at: number): number {
  return created % 1_000 === 0 ? Math.floor(at / 1_000) * 1_000 : at;
}

function createdAt(job: Job): number {
  return job.createdAt?.getTime() ?? 0;
}
