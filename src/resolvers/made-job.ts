/** The result of a mutation that has created a Data Exchange job, and may have started it. */
import type { GraphQLResolveInfo } from 'graphql';
import type { DataExchangeJobMade } from '../creates/create.ts';
import type { DataExchangeJob } from '../model/data-exchange-job.ts';
import { isCallerError } from '../model/errors.ts';
import type { Context } from './context.ts';
import { afterChange } from './data-exchange-job.ts';
import { reportFailure, userErrorsFrom } from './failures.ts';
import type { DataExchangeJobPayload } from './start-data-exchange-job.ts';

/** Has the job even where its start failed, since it exists and the caller needs its id. `start` is the field for that. */
export async function resultOfMade(
  { job, isStarted = false, startFailure }: DataExchangeJobMade,
  start: readonly string[],
  context: Context,
  info: GraphQLResolveInfo,
): Promise<Partial<DataExchangeJobPayload> & { job: DataExchangeJob }> {
  context.watcher.noteMutation(job);
  if (isStarted) return { job: (await afterChange(job.awsJobId, context, info)) ?? job };
  if (startFailure === undefined) return { job };
  if (!isCallerError(startFailure)) {
    reportFailure(startFailure, context, info);
    return { job };
  }
  const userErrors = userErrorsFrom(startFailure, []).map((refusal) => ({
    ...refusal,
    field: start,
    message: `The job was created but could not be started: ${refusal.message}`,
  }));
  return { job, userErrors };
}
