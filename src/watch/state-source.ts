/** What the watcher is given to read one service with. It knows no backend beyond these two functions. */
import type { Job, JobService, JobState } from '../job.ts';

/** The present state of a job. `job` carries whatever the reading said of it, and no secret. */
export interface Observation {
  readonly job: Job;
  readonly state: JobState;
}

/** What came of reading one job. */
export type Reading =
  | ({ readonly outcome: 'observed' } & Observation)
  /** The service has no such job, or no longer. */
  | { readonly outcome: 'gone' }
  /** Not readable at the moment. `retryAfterMs` is the service's own wish, where it gave one. */
  | { readonly outcome: 'failed'; readonly retryAfterMs: number | undefined };

/** The newest jobs of a service. */
export interface Sweep {
  /** Those whose state the list itself tells. */
  readonly observed: readonly Observation[];
  /** Those whose state must be read one by one, with what the list says of them. */
  readonly unread: readonly Job[];
}

export interface StateSource {
  readonly service: JobService;
  /** How many jobs `read` takes at once. */
  readonly batchSize: number;
  /** Never rejects but for an abort: a failure is the reading of each job that it touches. */
  readonly read: (awsJobIds: readonly string[], signal: AbortSignal) => Promise<ReadonlyMap<string, Reading>>;
  /** Rejects if the service cannot be listed. */
  readonly sweep: (signal: AbortSignal) => Promise<Sweep>;
}
