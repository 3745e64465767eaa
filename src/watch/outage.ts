/** Whether it is a service that cannot be read, and not one of its jobs: then all its jobs are stale, though most were not tried as often. */
import type { WatchedJob } from './watched-job.ts';

/** Number of readings that must fail in a row before readers are told that what they see may be old. */
export const failuresUntilStale = 3;

export class Outage {
  #isOn = false;
  /** When a job of the service was last read well, by the monotonic clock. */
  #wellAt = Number.NEGATIVE_INFINITY;
  /** The job that has failed often enough since then; one job that fails may be no trouble of the others. */
  #suspect: WatchedJob | undefined;

  get isOn(): boolean {
    return this.#isOn;
  }

  /** A reading of `job`, one of `jobs`, has failed. Whether that makes it an outage: no job was read well, and two have failed. */
  onFailed(job: WatchedJob, jobs: ReadonlyMap<string, WatchedJob>): boolean {
    if (job.failures >= failuresUntilStale && job.failingSince > this.#wellAt) this.#suspect = job;
    if (this.#suspect === undefined) return false;
    this.#isOn = this.#suspect !== job || this.#hasOther(job, jobs);
    return this.#isOn;
  }

  /** A job was read well at `now`, by the monotonic clock. */
  end(now: number): void {
    this.#isOn = false;
    this.#wellAt = now;
    this.#suspect = undefined;
  }

  #hasOther(job: WatchedJob, jobs: ReadonlyMap<string, WatchedJob>): boolean {
    for (const other of jobs.values()) {
      if (other !== job && other.failures > 0 && other.failingSince > this.#wellAt) return true;
    }
    return false;
  }
}
