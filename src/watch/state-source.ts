/** The functions that the watcher reads one service with. The watcher imports no backend. */
import type { Job } from '../model/job.ts';
import type { JobService, JobState } from '../model/job-state.ts';

/** The present state of a job. `job` carries what the reading showed of it, without secrets. */
export interface Observation {
  readonly job: Job;
  readonly state: JobState;
}

/** The outcome of reading one job. */
export type Reading =
  | ({ readonly outcome: 'observed' } & Observation)
  /** A list contradicts an earlier observation, and may lag: a read of the single job decides. */
  | { readonly outcome: 'unconfirmed' }
  /** The service does not have the job, or no longer has it. */
  | { readonly outcome: 'gone' }
  /** The reading failed. `retryAfterMs` is what the service requested, if anything. */
  | { readonly outcome: 'failed'; readonly retryAfterMs: number | undefined };

/** A service's jobs as its list shows them, newest first. */
export interface Listing {
  /** Jobs whose state the list shows. */
  readonly observed: readonly Observation[];
  /** Jobs whose state must be read one by one, with what the list shows of them. */
  readonly unread: readonly Job[];
  /** Whether the service has no other jobs. */
  readonly isWhole: boolean;
}

/** A polled job and its last observation. */
export interface Watched {
  readonly latest: Observation | undefined;
  /** Its state in the log before it was watched. */
  readonly priorState: JobState | undefined;
}

export interface Readings {
  /** By AWS job id: each requested job, and others that came at no extra cost. */
  readonly byJob: ReadonlyMap<string, Reading>;
  /** The newest jobs, if the reading listed them. */
  readonly newest?: Listing;
}

export interface StateSource {
  readonly service: JobService;
  /** Max number of jobs in one `read`. */
  readonly batchSize: number;
  /** Whether one call reads many jobs, so that jobs that are due soon are read with it. */
  readonly readsPages: boolean;
  /**
   * Reads the jobs `due` of all those `watched`, by AWS job id. Rejects only on abort: a failure is an outcome of each
   * job that it affects.
   */
  readonly read: (
    due: readonly string[],
    watched: ReadonlyMap<string, Watched>,
    signal: AbortSignal,
  ) => Promise<Readings>;
  /** Reads one job. Rejects only on abort. */
  readonly confirm: (awsJobId: string, signal: AbortSignal) => Promise<Reading>;
  /** Lists the newest jobs, up to one that `isKnown`. Rejects if the service cannot be listed. */
  readonly list: (isKnown: (awsJobId: string) => boolean, signal: AbortSignal) => Promise<Listing>;
}
