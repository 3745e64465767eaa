/** The services, states and actions that all jobs share. */

export const jobServices = ['DATA_EXCHANGE', 'IMPORT_EXPORT'] as const;

export type JobService = (typeof jobServices)[number];

/** As messages name them. */
export const serviceNames: Readonly<Record<JobService, string>> = {
  DATA_EXCHANGE: 'AWS Data Exchange',
  IMPORT_EXPORT: 'AWS Import/Export',
};

export type JobState =
  | 'WAITING'
  | 'IN_PROGRESS'
  | 'COMPLETED'
  | 'COMPLETED_WITH_ERRORS'
  | 'FAILED'
  | 'CANCELLED'
  | 'TIMED_OUT'
  | 'UNKNOWN';

export type JobAction = 'CANCEL' | 'START' | 'UPDATE';

/** Identifies a job. Its `awsJobId` is unique within its service only. */
export interface JobRef {
  readonly service: JobService;
  readonly awsJobId: string;
}

const sharedStates = ['WAITING', 'IN_PROGRESS', 'COMPLETED', 'FAILED', 'CANCELLED', 'TIMED_OUT', 'UNKNOWN'] as const;

/** The states that the jobs of each service can have. */
export const jobStates: Readonly<Record<JobService, ReadonlySet<JobState>>> = {
  DATA_EXCHANGE: new Set<JobState>(sharedStates),
  IMPORT_EXPORT: new Set<JobState>([...sharedStates, 'COMPLETED_WITH_ERRORS']),
};

const finishedStates: ReadonlySet<JobState> = new Set([
  'COMPLETED',
  'COMPLETED_WITH_ERRORS',
  'FAILED',
  'CANCELLED',
  'TIMED_OUT',
]);

/** Whether `state` is final. An unknown state may be any, and never counts as final. */
export function isFinished(state: JobState): boolean {
  return finishedStates.has(state);
}

/**
 * The actions that a job of `service` in `state` allows.
 *
 * Data Exchange cancels only from WAITING (its User Guide, "Jobs"); Import/Export updates and cancels until the
 * transfer starts, wherever the device is (CancelJob and UpdateJob in its API reference).
 */
export function availableActions(service: JobService, state: JobState): readonly JobAction[] {
  if (state !== 'WAITING') return [];
  return service === 'DATA_EXCHANGE' ? ['CANCEL', 'START'] : ['CANCEL', 'UPDATE'];
}
