/**
 * The `JobsStale` events of one stream that are still open. Each is followed by exactly one `JobsFresh`, and no job is
 * in two of them.
 */
import type { JobRef } from '../model/job-state.ts';
import { jobKey } from './history/transition-log.ts';
import type { JobsOfService } from './streams/events.ts';

/** A job that cannot be read at the moment. */
export interface StaleJob {
  readonly ref: JobRef;
  /** When it was last read successfully, in milliseconds since the epoch. */
  readonly lastReadAt: number;
}

/** One emitted `JobsStale`. */
interface StaleNotice extends JobsOfService {
  readonly keys: ReadonlySet<string>;
  /** Its jobs that are still stale, by key. */
  readonly stale: Map<string, StaleJob>;
}

export interface DueNotices {
  /** To emit as `JobsFresh`, before `stale`. */
  readonly fresh: readonly JobsOfService[];
  /** To emit as `JobsStale`. */
  readonly stale: readonly StaleJob[];
}

export class StaleNotices {
  /** Empty in most streams. */
  #notices: readonly StaleNotice[] = none;

  /**
   * Notes that `jobs` are stale, for the first time or still. A job with an open notice is returned again only if other
   * jobs of the notice are fresh by now: otherwise these would count as stale for as long as it does.
   */
  add(jobs: readonly StaleJob[]): DueNotices {
    const stale = new Map<string, StaleJob>();
    const split = new Set<StaleNotice>();
    for (const job of jobs) {
      const key = jobKey(job.ref);
      const notice = this.#notices.find(({ keys }) => keys.has(key));
      if (notice === undefined) stale.set(key, job);
      else if (notice.stale.has(key) && notice.stale.size < notice.keys.size) split.add(notice);
      else notice.stale.set(key, job);
    }
    for (const notice of split) for (const [key, job] of notice.stale) stale.set(key, job);
    if (split.size > 0) this.#notices = this.#notices.filter((notice) => !split.has(notice));
    return { fresh: [...split], stale: [...stale.values()] };
  }

  /** Records the `JobsStale` that the stream has emitted for what `add` returned. */
  record(notice: JobsOfService, jobs: readonly StaleJob[]): void {
    const stale = new Map(jobs.map((job) => [jobKey(job.ref), job]));
    this.#notices = [...this.#notices, { ...notice, keys: new Set(stale.keys()), stale }];
  }

  /** Removes jobs that are fresh or closed. Returns the notices to follow with a `JobsFresh`. */
  remove(refs: readonly JobRef[]): readonly JobsOfService[] {
    if (this.#notices.length === 0) return none;
    for (const ref of refs) for (const { stale } of this.#notices) stale.delete(jobKey(ref));
    const fresh = this.#notices.filter(({ stale }) => stale.size === 0);
    if (fresh.length > 0) this.#notices = this.#notices.filter(({ stale }) => stale.size > 0);
    return fresh;
  }
}

const none: readonly never[] = [];
