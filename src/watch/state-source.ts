/** What the watcher is given to read one service with. It knows no backend beyond these two functions. */
import type { Job } from '../model/job.ts';
import type { JobService, JobState } from '../model/job-state.ts';

/** The present state of a job. `job` carries whatever the reading said of it, and no secret. */
export interface Observation {
  readonly job: Job;
  readonly state: JobState;
}

/** What came of reading one job. */
export type Reading =
  | ({ readonly outcome: 'observed' } & Observation)
  /** A list contradicts what was seen of the job, and may lag behind it: the job's own reading decides. */
  | { readonly outcome: 'doubtful' }
  /** The service has no such job, or no longer. */
  | { readonly outcome: 'gone' }
  /** Not readable at the moment. `retryAfterMs` is what the service asked for, where it did. */
  | { readonly outcome: 'failed'; readonly retryAfterMs: number | undefined };

/** Jobs of a service as its list shows them, newest first. */
export interface Listing {
  /** Those whose state the list itself tells. */
  readonly observed: readonly Observation[];
  /** Those whose state must be read one by one, with what the list says of them. */
  readonly unread: readonly Job[];
  /** Whether these are all the jobs that there are. */
  readonly isWhole: boolean;
}

/** A job that is polled, and what was read of it last, since it is. */
export interface Watched {
  readonly seen: Observation | undefined;
  /** The state that it was known in before it was watched. */
  readonly known: JobState | undefined;
}

export interface Readings {
  /** By AWS job id: each of those asked for, and others that came along at no cost. */
  readonly byJob: ReadonlyMap<string, Reading>;
  /** The newest jobs, where they were listed on the way. */
  readonly newest?: Listing;
}

export interface StateSource {
  readonly service: JobService;
  /** How many jobs `read` takes at once. */
  readonly batchSize: number;
  /** Whether many jobs are read at little more than the cost of one, so that those which are due soon come along. */
  readonly readsPages: boolean;
  /**
   * Reads the jobs `due` of all those `watched`, by AWS job id. Never rejects but for an abort: a failure is the reading of
   * each job that it touches.
   */
  readonly read: (
    due: readonly string[],
    watched: ReadonlyMap<string, Watched>,
    signal: AbortSignal,
  ) => Promise<Readings>;
  /** Reads one job by itself. Never rejects but for an abort. */
  readonly confirm: (awsJobId: string, signal: AbortSignal) => Promise<Reading>;
  /** Lists the newest jobs, until it meets one that `isKnown`. Rejects if the service cannot be listed. */
  readonly list: (isKnown: (awsJobId: string) => boolean, signal: AbortSignal) => Promise<Listing>;
}
