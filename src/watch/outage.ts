/**
 * Detects that a whole service, not one of its jobs, cannot be read: then all its jobs are stale, though most have not
 * failed as often.
 */
import type { WatchedJob } from './watched-job.ts';

/** Number of failed readings in a row after which a job is stale. */
export const failuresUntilStale = 3;

export class Outage {
  #isActive = false;
  /** When any job of the service was last read successfully, by the monotonic clock. */
  #lastReadAt = Number.NEGATIVE_INFINITY;
  /** A job that has failed often enough since then. One failing job may be no outage. */
  #suspect: WatchedJob | undefined;

  get isActive(): boolean {
    return this.#isActive;
  }

  /**
   * A reading of `job`, one of `jobs`, has failed. Returns whether this is an outage: no job was read successfully, and
   * two have failed.
   */
  onFailed(job: WatchedJob, jobs: ReadonlyMap<string, WatchedJob>): boolean {
    if (job.failures >= failuresUntilStale && job.failingSince > this.#lastReadAt) this.#suspect = job;
    if (this.#suspect === undefined) return false;
    this.#isActive = this.#suspect !== job || this.#hasOther(job, jobs);
    return this.#isActive;
  }

  /** A job was read successfully at `now`, by the monotonic clock. */
  end(now: number): void {
    this.#isActive = false;
    this.#lastReadAt = now;
    this.#suspect = undefined;
  }

  #hasOther(job: WatchedJob, jobs: ReadonlyMap<string, WatchedJob>): boolean {
    for (const other of jobs.values()) {
      if (other !== job && other.failures > 0 && other.failingSince > this.#lastReadAt) return true;
    }
    return false;
  }
}
