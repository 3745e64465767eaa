/** Starts a Data Exchange job that waits. */
import type { GraphQLResolveInfo } from 'graphql';
import type { DataExchangeJob } from '../model/data-exchange-job.ts';
import type { Context } from './context.ts';
import { requestStart } from './data-exchange-job.ts';
import { userErrorFrom } from './failures.ts';
import { awsJobIdFrom, type Payload, payloadOf } from './payload.ts';

export type DataExchangeJobPayload = Payload<{ job: DataExchangeJob }>;

export async function startDataExchangeJob(
  _parent: unknown,
  { id }: { id: string },
  context: Context,
  info: GraphQLResolveInfo,
): Promise<DataExchangeJobPayload> {
  const errorFrom = (error: unknown) => userErrorFrom(error, [], ['id']);
  return payloadOf<{ job: DataExchangeJob }>({ refused: { job: null }, errorFrom }, async () => {
    const awsJobId = awsJobIdFrom(id, 'DATA_EXCHANGE');
    return { job: await requestStart(awsJobId, context, info) };
  });
}
