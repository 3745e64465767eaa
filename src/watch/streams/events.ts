/** The events of a subscription. */
import type { Job } from '../../model/job.ts';
import type { JobRef, JobService, JobState } from '../../model/job-state.ts';

/** A change of a job's state as the watcher observed it, or its first observed state. */
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

/** The service does not have the job, or no longer has it. No further event of that job follows. */
export interface Gone {
  readonly kind: 'JobGone';
  readonly observedAt: Date;
  readonly job: JobRef;
}

/** The log no longer holds what followed the reader's cursor. Present states follow, as in a new stream. */
export interface EventsMissed {
  readonly kind: 'JobEventsMissed';
  readonly observedAt: Date;
}

/** Jobs of one service that the stream watches. */
export interface JobsOfService {
  readonly service: JobService;
  /** Null for all jobs of the service that the stream watches. */
  readonly jobs: readonly JobRef[] | null;
}

/**
 * The last events of these jobs may be out of date: the gateway cannot read them, or has been told to wait long before
 * it does.
 */
export interface JobsStale extends JobsOfService {
  readonly kind: 'JobsStale';
  readonly observedAt: Date;
  /** The oldest of the jobs' last successful reads. */
  readonly since: Date;
}

/** The gateway reads the jobs of an earlier `JobsStale` again. */
export interface JobsFresh extends JobsOfService {
  readonly kind: 'JobsFresh';
  readonly observedAt: Date;
}

/** An event without its cursor, the same for all readers. `kind` is the GraphQL type. */
export type EventBody = EventsMissed | Gone | JobsFresh | JobsStale | StateChange;

/** An event as one reader receives it. */
export type EventOf<Body extends EventBody> = Body & {
  /** Opaque position in the stream, for `after`. */
  readonly cursor: string;
  /** The same object for all readers of the event, whatever their cursors. */
  readonly body: Body;
};

export type JobStateChange = EventOf<StateChange>;
export type JobEvent = EventOf<EventsMissed> | EventOf<Gone> | EventOf<JobsFresh> | EventOf<JobsStale> | JobStateChange;
