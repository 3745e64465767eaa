/** What a subscription brings. */
import type { Job, JobRef, JobService, JobState } from '../../model/job.ts';

/** A change of a job's state as the watcher observed it, or the first sight of a job. */
export interface StateChange {
  readonly kind: 'JobStateChange';
  readonly observedAt: Date;
  readonly job: Job;
  /** Null for the first event about a job. */
  readonly previousState: JobState | null;
  readonly state: JobState;
  /** Whether the service is not known to make such a step. */
  readonly isAnomalous: boolean;
}

/** The service does not have the job, or has it no longer. It ends that job's part of the stream. */
export interface Gone {
  readonly kind: 'JobGone';
  readonly observedAt: Date;
  readonly job: JobRef;
}

/** What followed the reader's cursor is no longer held. Present states follow, as in a new stream. */
export interface EventsMissed {
  readonly kind: 'JobEventsMissed';
  readonly observedAt: Date;
}

/** What is told, the same for all who are told of it. `kind` is the GraphQL type. */
export type EventBody = EventsMissed | Gone | StateChange;

/** What is told to one reader. */
export type EventOf<Body extends EventBody> = Body & {
  /** Opaque position in the stream, for `after`. */
  readonly cursor: string;
  /** One object for all who are told the same, whatever their cursors. */
  readonly body: Body;
};

export type JobStateChange = EventOf<StateChange>;
export type JobEvent = EventOf<EventsMissed> | EventOf<Gone> | JobStateChange;

/**
 * Three readings in a row have failed: what was told may be old. `job` is absent where it is the list of jobs that cannot be
 * read.
 */
export interface Staleness {
  readonly service: JobService;
  readonly job?: JobRef;
}

export interface ActivityFilter {
  readonly service?: JobService;
  /** Only Data Exchange jobs of this data set. */
  readonly dataSetId?: string;
}

/** So many readings must fail in a row before readers are told that what they see may be old. */
export const failuresUntilStale = 3;
