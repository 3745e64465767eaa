/** What a subscription brings. */
import type { Job, JobRef, JobService, JobState } from '../job.ts';

/** A change of a job's state as the watcher observed it, or the first sight of a job. */
export interface JobStateChange {
  readonly job: Job;
  /** Null for the first event about a job. */
  readonly previousState: JobState | null;
  readonly state: JobState;
  readonly observedAt: Date;
  /** Opaque position in the stream, for `after`. */
  readonly cursor: string;
}

/** A job that the service does not have, or has no longer. It ends that job's part of the stream. */
export interface JobGone {
  readonly gone: JobRef;
  readonly cursor?: never;
}

export interface ActivityFilter {
  readonly service?: JobService;
  /** Only Data Exchange jobs of this data set. */
  readonly dataSetId?: string;
}
