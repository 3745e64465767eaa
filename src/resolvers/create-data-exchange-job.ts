/** Creates a Data Exchange job and, if asked to, starts it. */
import type { GraphQLResolveInfo } from 'graphql';
import { type DataExchangeJobMade, dataExchangeCreate } from '../creates/create.ts';
import type { DataExchangeJobRequest } from '../model/data-exchange-request.ts';
import { BackendError, isCallerError } from '../model/errors.ts';
import type { Maybe } from '../model/maybe.ts';
import type { Context } from './context.ts';
import { afterChange } from './data-exchange-job.ts';
import { reportFailure, type UserError, userErrorFrom } from './failures.ts';
import { createdOnce, idempotencyKeyFault } from './idempotency-key.ts';
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
  const keyFault = idempotencyKeyFault(idempotencyKey);
  if (keyFault !== undefined) return { job: null, userErrors: [keyFault] };
  let made: DataExchangeJobMade;
  try {
    made = await createdOnce(dataExchangeCreate(context.backends, request), idempotencyKey, context);
    context.watcher.noteMutation(made.job);
  } catch (error) {
    return { job: null, userErrors: [creationErrorFrom(error)] };
  }
  return payloadFrom(made, context, info);
}

/** The backend was given only the details, and names its fields from there; the key is a field of the input itself. */
function creationErrorFrom(error: unknown): UserError {
  const isAboutKey = error instanceof BackendError && error.code === 'IDEMPOTENCY_MISMATCH';
  return userErrorFrom(error, isAboutKey ? ['input'] : ['input', 'details']);
}

/** Whatever became of the start, the job exists: its id must reach the caller. */
async function payloadFrom(
  { job, isStarted = false, startFailure }: DataExchangeJobMade,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<DataExchangeJobPayload> {
  if (isStarted) return { job: (await afterChange(job.awsJobId, context, info)) ?? job, userErrors: [] };
  if (isCallerError(startFailure)) return { job, userErrors: [startErrorFrom(startFailure)] };
  if (startFailure !== undefined) reportFailure(startFailure, context, info);
  return { job, userErrors: [] };
}

function startErrorFrom(error: BackendError): UserError {
  const refusal = userErrorFrom(error, ['input'], ['input', 'start']);
  return { ...refusal, message: `The job exists and waits, for it could not be started: ${refusal.message}` };
}
