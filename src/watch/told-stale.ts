/** What one stream has told to be stale and not yet to be fresh. Each `JobsStale` gets one `JobsFresh`, and no job is in two of them. */
import type { JobRef } from '../model/job-state.ts';
import { jobKey } from './history/transition-log.ts';
import type { JobsOfService } from './streams/events.ts';

/** A job that cannot be read at the moment. */
export interface StaleJob {
  readonly ref: JobRef;
  /** When it was last read well, in milliseconds since the epoch. */
  readonly wellAt: number;
}

/** What one `JobsStale` told of. */
interface Told extends JobsOfService {
  readonly keys: ReadonlySet<string>;
  /** Those that are still stale, by key. */
  readonly stale: Map<string, StaleJob>;
}

export interface StaleNews {
  /** What is to be told to be fresh, before the other. */
  readonly fresh: readonly JobsOfService[];
  /** What is to be told to be stale. */
  readonly stale: readonly StaleJob[];
}

export class ToldStale {
  /** Most streams never need it. */
  #told: readonly Told[] = none;

  /**
   * Takes in that `jobs` are stale, for the first time or still. One that its stream believes to be stale is told of again only
   * where others that were told together with it are well by now: else these would count as stale for as long as it does.
   */
  add(jobs: readonly StaleJob[]): StaleNews {
    const stale = new Map<string, StaleJob>();
    const split = new Set<Told>();
    for (const job of jobs) {
      const key = jobKey(job.ref);
      const told = this.#told.find(({ keys }) => keys.has(key));
      if (told === undefined) stale.set(key, job);
      else if (told.stale.has(key) && told.stale.size < told.keys.size) split.add(told);
      else told.stale.set(key, job);
    }
    for (const told of split) for (const [key, job] of told.stale) stale.set(key, job);
    if (split.size > 0) this.#told = this.#told.filter((told) => !split.has(told));
    return { fresh: [...split], stale: [...stale.values()] };
  }

  /** Notes what has been told of what `add` gave. */
  note(told: JobsOfService, jobs: readonly StaleJob[]): void {
    const stale = new Map(jobs.map((job) => [jobKey(job.ref), job]));
    this.#told = [...this.#told, { ...told, keys: new Set(stale.keys()), stale }];
  }

  /** Takes in that jobs are well, or bring nothing more. Gives what is to be told to be fresh. */
  remove(refs: readonly JobRef[]): readonly JobsOfService[] {
    if (this.#told.length === 0) return none;
    for (const ref of refs) for (const { stale } of this.#told) stale.delete(jobKey(ref));
    const fresh = this.#told.filter(({ stale }) => stale.size === 0);
    if (fresh.length > 0) this.#told = this.#told.filter(({ stale }) => stale.size > 0);
    return fresh;
  }
}

const none: readonly never[] = [];
