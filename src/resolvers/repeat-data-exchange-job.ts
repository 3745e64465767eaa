/** Creates a Data Exchange job with the details of an earlier one. */
import type { GraphQLResolveInfo } from 'graphql';
import { dataExchangeRepeat } from '../creates/create.ts';
import type { DataExchangeJob } from '../model/data-exchange-job.ts';
import { BackendError } from '../model/errors.ts';
import type { Maybe } from '../model/maybe.ts';
import type { Context } from './context.ts';
import { type UserError, userErrorsFrom } from './failures.ts';
import { createdOnce, faultsInKey } from './idempotency-key.ts';
import { awsJobIdFrom, faultsInId } from './job-ids.ts';
import { resultOfMade } from './made-job.ts';
import { payloadOf, Refusal } from './payload.ts';
import type { DataExchangeJobPayload } from './start-data-exchange-job.ts';

export interface RepeatDataExchangeJobArguments {
  readonly id: string;
  readonly start: boolean;
  readonly idempotencyKey?: Maybe<string>;
}

export async function repeatDataExchangeJob(
  _parent: unknown,
  { id, start, idempotencyKey }: RepeatDataExchangeJobArguments,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<DataExchangeJobPayload> {
  return payloadOf<{ job: DataExchangeJob }>({ context, refused: { job: null }, errorsFrom }, async () => {
    const faults = [...faultsInId(id, 'DATA_EXCHANGE'), ...faultsInKey(idempotencyKey)];
    if (faults.length > 0) throw new Refusal(...faults);
    const create = dataExchangeRepeat(context.backends, { awsJobId: awsJobIdFrom(id, 'DATA_EXCHANGE'), start });
    const made = await createdOnce(create, idempotencyKey, context);
    return resultOfMade(made, ['start'], context, info);
  });
}

/** What the service refuses was in the old job, so it is at `id`. */
function errorsFrom(error: unknown): readonly UserError[] {
  const isAboutKey = error instanceof BackendError && error.code === 'IDEMPOTENCY_MISMATCH';
  const field = [isAboutKey ? 'idempotencyKey' : 'id'];
  return userErrorsFrom(error, []).map((refusal) => ({ ...refusal, field }));
}
