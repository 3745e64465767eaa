/** Starts a Data Exchange job that waits. */
import type { GraphQLResolveInfo } from 'graphql';
import type { DataExchangeJob } from '../model/data-exchange-job.ts';
import type { Context } from './context.ts';
import { requestStart } from './data-exchange-job.ts';
import { invalidInput, type UserError, userErrorFrom } from './failures.ts';
import { jobRefFrom } from './global-id.ts';

export interface DataExchangeJobPayload {
  readonly job: DataExchangeJob | null;
  readonly userErrors: readonly UserError[];
}

export async function startDataExchangeJob(
  _parent: unknown,
  { id }: { id: string },
  context: Context,
  info: GraphQLResolveInfo,
): Promise<DataExchangeJobPayload> {
  const ref = jobRefFrom(id);
  if (ref?.service !== 'DATA_EXCHANGE') {
    return { job: null, userErrors: [invalidInput(['id'], 'This is not the id of an AWS Data Exchange job.')] };
  }
  try {
    return { job: await requestStart(ref.awsJobId, context, info), userErrors: [] };
  } catch (error) {
    return { job: null, userErrors: [userErrorFrom(error, [], ['id'])] };
  }
}
