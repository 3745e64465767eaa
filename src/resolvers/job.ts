/** Resolves a job by its id, and the fields that jobs of both services have. */

import { BackendError } from '../model/errors.ts';
import { importExportJobFrom } from '../model/import-export-job.ts';
import type { Job } from '../model/job.ts';
import { availableActions, isFinished, type JobAction, type JobRef, type JobState } from '../model/job-state.ts';
import type { Context } from './context.ts';
import { invalidArgument } from './failures.ts';
import { jobRefFrom } from './global-id.ts';
import { statusOf } from './import-export-job.ts';
import { observedSteps } from './job-history.ts';

/** The job with this `id`; null if its service has no such job. Throws for a malformed id. */
export function job(_parent: unknown, { id }: { id: string }, context: Context): Promise<Job | null> {
  return jobOf('id', id, context);
}

/** As `job`. `argument` is where the caller wrote the id, such as `ids[1]`. */
export async function jobOf(argument: string, id: string, context: Context): Promise<Job | null> {
  const ref = jobRefFrom(id);
  if (ref === undefined) throw invalidArgument(argument, 'is not the id of a job');
  try {
    return await readJob(ref, context);
  } catch (error) {
    if (error instanceof BackendError && error.code === 'NOT_FOUND') return null;
    throw error;
  }
}

async function readJob(ref: JobRef, context: Context): Promise<Job> {
  if (ref.service === 'DATA_EXCHANGE') return context.loaders.dataExchangeJob.load(ref.awsJobId);
  return importExportJobFrom(await context.loaders.importExportStatus.load(ref.awsJobId));
}

/** The GraphQL type of a job. */
export function jobTypeName(job: Job): 'DataExchangeJob' | 'ImportExportJob' {
  return job.service === 'DATA_EXCHANGE' ? 'DataExchangeJob' : 'ImportExportJob';
}

export async function jobState(job: Job, _args: unknown, context: Context): Promise<JobState> {
  if (job.service === 'DATA_EXCHANGE') return job.state;
  return job.status?.state ?? job.state ?? (await statusOf(job, context)).state;
}

export async function jobIsFinished(job: Job, args: unknown, context: Context): Promise<boolean> {
  return isFinished(await jobState(job, args, context));
}

/**
 * Data Exchange does not change a finished job any more, so `updatedAt` is when it ended. Import/Export does not say since when a state
 * lasts: the gateway only knows when it first observed it.
 */
export async function jobFinishedAt(job: Job, args: unknown, context: Context): Promise<Date | null> {
  if (!(await jobIsFinished(job, args, context))) return null;
  if (job.service === 'DATA_EXCHANGE') return job.updatedAt;
  const [newest] = await observedSteps(job, { limit: 1 }, context);
  return newest !== undefined && isFinished(newest.to) ? newest.observedAt : null;
}

export async function jobAvailableActions(job: Job, args: unknown, context: Context): Promise<readonly JobAction[]> {
  return availableActions(job.service, await jobState(job, args, context));
}

export async function jobStatusMessage(job: Job, _args: unknown, context: Context): Promise<string | null> {
  if (job.service === 'DATA_EXCHANGE') return job.errors[0]?.message ?? null;
  return (await statusOf(job, context)).progress.message;
}

export async function jobCreatedAt(job: Job, _args: unknown, context: Context): Promise<Date> {
  if (job.service === 'DATA_EXCHANGE') return job.createdAt;
  return job.createdAt ?? (await statusOf(job, context)).createdAt;
}
