/** Changes a Data Exchange job and reads it again. */
import type { GraphQLResolveInfo } from 'graphql';
import type { DataExchangeJob } from '../model/data-exchange-job.ts';
import { BackendError } from '../model/errors.ts';
import type { Context } from './context.ts';
import { reportFailure } from './failures.ts';

/** Starts the job and reads it. If only the read fails, reports the error and returns null. */
export async function requestStart(
  awsJobId: string,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<DataExchangeJob | null> {
  await context.backends.dataExchange.startJob(awsJobId, { signal: context.signal });
  return afterChange(awsJobId, context, info);
}

/** As `requestStart`, but cancels the job. */
export async function requestCancel(
  awsJobId: string,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<DataExchangeJob | null> {
  await context.backends.dataExchange.cancelJob(awsJobId, { signal: context.signal });
  return afterChange(awsJobId, context, info);
}

/**
 * Reads a job that was changed. If only this read fails, the change must not seem to have failed: the error is
 * reported, and the job is null.
 */
export async function afterChange(
  awsJobId: string,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<DataExchangeJob | null> {
  context.watcher.noteMutation({ service: 'DATA_EXCHANGE', awsJobId });
  try {
    return await readAgain(awsJobId, context);
  } catch (error) {
    if (!(error instanceof BackendError)) throw error;
    reportFailure(error, context, info);
    return null;
  }
}

/** Reads the current job, even if this operation has read it before. A list that lags may show an earlier state. */
export function readAgain(awsJobId: string, { loaders }: Context): Promise<DataExchangeJob> {
  loaders.listedJobs.delete(awsJobId);
  loaders.dataExchangeJobWithUrl.clear(awsJobId);
  return loaders.dataExchangeJob.clear(awsJobId).load(awsJobId);
}
