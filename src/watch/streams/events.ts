/** What a subscription brings. */
import type { Job } from '../../model/job.ts';
import type { JobRef, JobService, JobState } from '../../model/job-state.ts';

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

/** Jobs that the stream watches, all of one service. */
export interface JobsOfService {
  readonly service: JobService;
  /** Null for all of that service that the stream watches. */
  readonly jobs: readonly JobRef[] | null;
}

/** What was told of the jobs may be old: they cannot be read, or are not to be read for long. */
export interface JobsStale extends JobsOfService {
  readonly kind: 'JobsStale';
  readonly observedAt: Date;
  /** When the one that was read least recently was last read well. */
  readonly since: Date;
}

/** The jobs of an earlier `JobsStale` are read well again. */
export interface JobsFresh extends JobsOfService {
  readonly kind: 'JobsFresh';
  readonly observedAt: Date;
}

/** What is told, the same for all who are told of it. `kind` is the GraphQL type. */
export type EventBody = EventsMissed | Gone | JobsFresh | JobsStale | StateChange;

/** What is told to one reader. */
export type EventOf<Body extends EventBody> = Body & {
  /** Opaque position in the stream, for `after`. */
  readonly cursor: string;
  /** One object for all who are told the same, whatever their cursors. */
  readonly body: Body;
};

export type JobStateChange = EventOf<StateChange>;
export type JobEvent = EventOf<EventsMissed> | EventOf<Gone> | EventOf<JobsFresh> | EventOf<JobsStale> | JobStateChange;

export interface ActivityFilter {
  readonly service?: JobService;
  /** Only Data Exchange jobs of this data set. */
  readonly dataSetId?: string;
}
