/** What a subscription brings. */
import type { Job, JobRef, JobService, JobState } from '../job.ts';

/** A change of a job's state as the watcher observed it, or the first sight of a job. */
export interface JobStateChange {
  readonly job: Job;
  /** Null for the first event about a job. */
  readonly previousState: JobState | null;
  readonly state: JobState;
  readonly observedAt: Date;
  /** Whether the service is not known to make such a step. */
  readonly isAnomalous: boolean;
  /** Opaque position in the stream, for `after`. */
  readonly cursor: string;
}

/** Something that a reader must know and that is no change. The stream goes on. */
export type Notice =
  /** The service does not have the job, or has it no longer. It ends that job's part of the stream. */
  | { readonly notice: 'GONE'; readonly job: JobRef; readonly cursor?: never }
  /** What followed the reader's cursor is no longer held. Present states follow, as in a new stream. */
  | { readonly notice: 'CURSOR_EXPIRED'; readonly cursor?: never };

/**
 * Three readings in a row have failed: what was told may be old. `job` is absent where it is the list of jobs that cannot be
 * read.
 */
export interface Staleness {
  readonly service: JobService;
  readonly job?: JobRef;
}

export type StreamEvent = JobStateChange | Notice;

export interface ActivityFilter {
  readonly service?: JobService;
  /** Only Data Exchange jobs of this data set. */
  readonly dataSetId?: string;
}

/** So many readings must fail in a row before readers are told that what they see may be old. */
export const failuresUntilStale = 3;
