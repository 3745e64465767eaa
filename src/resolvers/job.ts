/** Resolves a job by its id, and the fields that jobs of both services have. */

import { BackendError } from '../model/errors.ts';
import { type ImportExportJob, importExportJobFrom } from '../model/import-export-job.ts';
import type { Job } from '../model/job.ts';
import {
  availableActions,
  isFinished,
  type JobAction,
  type JobRef,
  type JobService,
  type JobState,
  serviceNames,
} from '../model/job-state.ts';
import type { Context } from './context.ts';
import { invalidArgument } from './failures.ts';
import { jobRefFrom, jobRefOf } from './global-id.ts';
import { statusOf } from './import-export-job.ts';
import { observedSteps } from './job-history.ts';

/** The job with this `id`; null if its service has no such job. Throws for a malformed id. */
export async function job(_parent: unknown, { id }: { id: string }, context: Context): Promise<Job | null> {
  const ref = jobRefFrom(id);
  if (ref === undefined) throw invalidArgument('id', 'is not the id of a job');
  return existingJob(ref, context);
}

/** As `job`, by the service's own id. */
export async function jobByAwsId(
  _parent: unknown,
  { service, awsJobId }: { service: JobService; awsJobId: string },
  context: Context,
): Promise<Job | null> {
  const ref = jobRefOf(service, awsJobId);
  if (ref === undefined) throw invalidArgument('awsJobId', `is not the id of an ${serviceNames[service]} job`);
  return existingJob(ref, context);
}

/** Null if its service has no such job. */
export async function existingJob(ref: JobRef, context: Context): Promise<Job | null> {
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

/**
 * A value that a list or a status contains, or the promise of one that must be read. A page of 100 jobs has a thousand
 * such fields: a promise for each took a third of its time.
 */
type Known<T> = T | Promise<T>;

function whenKnown<T, U>(value: Known<T>, change: (value: T) => U): Known<U> {
  return value instanceof Promise ? value.then(change) : change(value);
}

export function jobState(job: Job, _args: unknown, context: Context): Known<JobState> {
  if (job.service === 'DATA_EXCHANGE') return job.state;
  return job.status?.state ?? job.state ?? statusOf(job, context).then(({ state }) => state);
}

export function jobIsFinished(job: Job, args: unknown, context: Context): Known<boolean> {
  return whenKnown(jobState(job, args, context), isFinished);
}

/**
 * Data Exchange does not change a finished job, so `updatedAt` is when it ended. Import/Export does not say when a
 * state began: the gateway only knows when it first observed it.
 */
export function jobFinishedAt(job: Job, _args: unknown, context: Context): Known<Date | null> {
  if (job.service === 'DATA_EXCHANGE') return isFinished(job.state) ? job.updatedAt : null;
  return observedEndOf(job, context);
}

async function observedEndOf(job: ImportExportJob, context: Context): Promise<Date | null> {
  if (!(await jobIsFinished(job, {}, context))) return null;
  const [newest] = await observedSteps(job, { limit: 1 }, context);
  return newest !== undefined && isFinished(newest.to) ? newest.observedAt : null;
}

export function jobAvailableActions(job: Job, args: unknown, context: Context): Known<readonly JobAction[]> {
  return whenKnown(jobState(job, args, context), (state) => availableActions(job.service, state));
}

export function jobStatusMessage(job: Job, _args: unknown, context: Context): Known<string | null> {
  if (job.service === 'DATA_EXCHANGE') return job.errors[0]?.message ?? null;
  return statusOf(job, context).then(({ progress }) => progress.message);
}

export function jobCreatedAt(job: Job, _args: unknown, context: Context): Known<Date> {
  if (job.service === 'DATA_EXCHANGE') return job.createdAt;
  return job.createdAt ?? statusOf(job, context).then(({ createdAt }) => createdAt);
}
