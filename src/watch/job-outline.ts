/** What is kept of a job where the whole of it is not to be kept, or is not known as it was then. */
import type { Job } from '../model/job.ts';
import type { JobState } from '../model/job-state.ts';

/** `job` in this state, without what was asked for. Whoever comes to be told of it reads the rest anew. */
export function outlineOf(job: Job, state: JobState): Job {
  if (job.service === 'DATA_EXCHANGE') {
    return { ...job, details: null, errors: [], outline: { dataSetId: job.details?.dataSetId ?? null } };
  }
  const { status: _, ...rest } = job;
  return { ...rest, state };
}
