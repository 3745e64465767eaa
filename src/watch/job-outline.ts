/** The reduced form of a job, for entries where the whole job is not known or not to be kept. */
import type { Job } from '../model/job.ts';
import type { JobState } from '../model/job-state.ts';

/** `job` in this state, without its request and details. A resolver reads those afresh. */
export function outlineOf(job: Job, state: JobState): Job {
  if (job.service === 'DATA_EXCHANGE') {
    return { ...job, details: null, errors: [], outline: { dataSetId: job.details?.dataSetId ?? null } };
  }
  const { status: _, ...rest } = job;
  return { ...rest, state };
}
