/** Which of a service's jobs have come into being since its activity is watched. */
import type { Job } from '../model/job.ts';

/** Max number of jobs that are known; beyond, the older half is forgotten, by when they were created. More than any sweep lists. */
const maxJobs = 10_000;

/**
 * What the first list shows is old, unless it was created since it was asked for. From then on a job is new if no list has shown
 * it: its time of creation need not follow that of others, since the service has more than one clock, and lists may lag. Only
 * below the end of what the first list showed nothing is known, and nothing counts as new.
 */
export class KnownJobs {
  /** When each was created. */
  #listed = new Map<string, number>();
  #beganAt: number | undefined;
  /** Jobs that were created up to here may be old, though no list has shown them. Undefined before the first list. */
  #floor: number | undefined;

  get hasBegun(): boolean {
    return this.#beganAt !== undefined;
  }

  /** Whatever is there by `now`, by this gateway's own clock, is old. */
  begin(now: number): void {
    this.#listed = new Map();
    this.#floor = undefined;
    this.#beganAt = now;
  }

  has(awsJobId: string): boolean {
    return this.#listed.has(awsJobId);
  }

  isNew(job: Job): boolean {
    if (this.#listed.has(job.awsJobId)) return false;
    if (this.#floor === undefined) return createdAt(job) >= asPreciseAs(job, this.#beganAt ?? 0);
    return createdAt(job) > this.#floor;
  }

  /** `jobs` were listed; all that there are if `isWhole`. */
  learn(jobs: readonly Job[], isWhole: boolean): void {
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

/** `at` without its fraction of a second where the job's own date has none: list entries of Import/Export have whole seconds. */
function asPreciseAs(job: Job, at: number): number {
  return createdAt(job) % 1_000 === 0 ? Math.floor(at / 1_000) * 1_000 : at;
}

function createdAt(job: Job): number {
  return job.createdAt?.getTime() ?? 0;
}
