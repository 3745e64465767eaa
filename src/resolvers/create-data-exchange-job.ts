/** Creates a Data Exchange job and, if requested, starts it. */
import type { GraphQLResolveInfo } from 'graphql';
import { type DataExchangeJobMade, dataExchangeCreate } from '../creates/create.ts';
import type { DataExchangeJob } from '../model/data-exchange-job.ts';
import type { DataExchangeJobRequest } from '../model/data-exchange-request.ts';
import { BackendError, isCallerError } from '../model/errors.ts';
import type { Maybe } from '../model/maybe.ts';
import type { Context } from './context.ts';
import { afterChange } from './data-exchange-job.ts';
import { reportFailure, type UserError, userErrorFrom } from './failures.ts';
import { checkIdempotencyKey, createdOnce } from './idempotency-key.ts';
import { payloadOf } from './payload.ts';
import type { DataExchangeJobPayload } from './start-data-exchange-job.ts';

export interface CreateDataExchangeJobInput {
  readonly details: DataExchangeJobRequest;
  readonly start: boolean;
  readonly idempotencyKey?: Maybe<string>;
}

export async function createDataExchangeJob(
  _parent: unknown,
  { input: { idempotencyKey, ...request } }: { input: CreateDataExchangeJobInput },
  context: Context,
  info: GraphQLResolveInfo,
): Promise<DataExchangeJobPayload> {
  return payloadOf<{ job: DataExchangeJob }>({ refused: { job: null }, errorFrom: creationErrorFrom }, async () => {
    checkIdempotencyKey(idempotencyKey);
    const made = await createdOnce(dataExchangeCreate(context.backends, request), idempotencyKey, context);
    context.watcher.noteMutation(made.job);
    return resultFrom(made, context, info);
  });
}

/** The backend's field paths begin within `details`; the key is a field of the input itself. */
function creationErrorFrom(error: unknown): UserError {
  const isAboutKey = error instanceof BackendError && error.code === 'IDEMPOTENCY_MISMATCH';
  return userErrorFrom(error, isAboutKey ? ['input'] : ['input', 'details']);
}

/** Returns the job even where its start failed, since it exists and the caller needs its id. */
async function resultFrom(
  { job, isStarted = false, startFailure }: DataExchangeJobMade,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<Partial<DataExchangeJobPayload> & { job: DataExchangeJob }> {
  if (isStarted) return { job: (await afterChange(job.awsJobId, context, info)) ?? job };
  if (isCallerError(startFailure)) return { job, userErrors: [startErrorFrom(startFailure)] };
  if (startFailure !== undefined) reportFailure(startFailure, context, info);
  return { job };
}

function startErrorFrom(error: BackendError): UserError {
  const refusal = userErrorFrom(error, ['input'], ['input', 'start']);
  return { ...refusal, message: `The job was created but could not be started: ${refusal.message}` };
}
