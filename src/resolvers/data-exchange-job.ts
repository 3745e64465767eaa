/** How a Data Exchange job is changed, and read again afterwards. */
import type { GraphQLResolveInfo } from 'graphql';
import type { DataExchangeJob } from '../model/data-exchange-job.ts';
import { BackendError } from '../model/errors.ts';
import type { Context } from './context.ts';
import { reportFailure } from './failures.ts';

/** Starts the job and gives it as it is then; null, with the error reported, if only the reading failed. */
export async function requestStart(
  awsJobId: string,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<DataExchangeJob | null> {
  await context.backends.dataExchange.startJob(awsJobId, { signal: context.signal });
  return afterChange(awsJobId, context, info);
}

/** Cancels the job; the rest as `requestStart`. */
export async function requestCancel(
  awsJobId: string,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<DataExchangeJob | null> {
  await context.backends.dataExchange.cancelJob(awsJobId, { signal: context.signal });
  return afterChange(awsJobId, context, info);
}

/**
 * A job that was changed, as it is now. If only this read fails, the change must not look as if it had: the error is reported
 * beside a job that is null.
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

/** The job as it is now, whatever this operation has read of it before. */
function readAgain(awsJobId: string, { loaders }: Context): Promise<DataExchangeJob> {
  loaders.dataExchangeJobWithUrl.clear(awsJobId);
  return loaders.dataExchangeJob.clear(awsJobId).load(awsJobId);
}
