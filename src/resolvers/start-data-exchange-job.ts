/** Starts a Data Exchange job that waits. */
import type { GraphQLResolveInfo } from 'graphql';
import type { DataExchangeJob } from '../model/data-exchange-job.ts';
import type { Context } from './context.ts';
import { requestStart } from './data-exchange-job.ts';
import { userErrorsFrom } from './failures.ts';
import { awsJobIdFrom } from './job-ids.ts';
import { type Payload, payloadOf } from './payload.ts';

export type DataExchangeJobPayload = Payload<{ job: DataExchangeJob }>;

export async function startDataExchangeJob(
  _parent: unknown,
  { id }: { id: string },
  context: Context,
  info: GraphQLResolveInfo,
): Promise<DataExchangeJobPayload> {
  const errorsFrom = (error: unknown) => userErrorsFrom(error, [], ['id']);
  return payloadOf<{ job: DataExchangeJob }>({ context, refused: { job: null }, errorsFrom }, async () => {
    const awsJobId = awsJobIdFrom(id, 'DATA_EXCHANGE');
    return { job: await requestStart(awsJobId, context, info) };
  });
}
