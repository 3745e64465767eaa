/** Creates a Data Exchange job and, if asked to, starts it. */
import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from '../context.ts';
import { dataExchangeCreate } from '../creates/create.ts';
import { BackendError, isCallerError } from '../errors.ts';
import type { DataExchangeJob } from '../job.ts';
import type { DataExchangeJobRequest, Maybe } from '../job-request.ts';
import { requestStart } from './data-exchange-job.ts';
import { reportFailure, type UserError, userErrorFrom } from './failures.ts';
import { idempotencyKeyFault } from './idempotency-key.ts';
import type { DataExchangeJobPayload } from './start-data-exchange-job.ts';

export interface CreateDataExchangeJobInput {
  readonly details: DataExchangeJobRequest;
  readonly start: boolean;
  readonly idempotencyKey?: Maybe<string>;
}

export async function createDataExchangeJob(
  _parent: unknown,
  { input }: { input: CreateDataExchangeJobInput },
  context: Context,
  info: GraphQLResolveInfo,
): Promise<DataExchangeJobPayload> {
  const keyFault = idempotencyKeyFault(input.idempotencyKey);
  if (keyFault !== undefined) return { job: null, userErrors: [keyFault] };
  let job: DataExchangeJob;
  try {
    job = await createJob(input, context);
    context.watcher.notice(job);
  } catch (error) {
    return { job: null, userErrors: [creationErrorFrom(error)] };
  }
  // The job of an earlier call may have been started by it.
  return input.start && job.state === 'WAITING' ? startCreatedJob(job, context, info) : { job, userErrors: [] };
}

function createJob(
  { idempotencyKey, ...request }: CreateDataExchangeJobInput,
  context: Context,
): Promise<DataExchangeJob> {
  const { backends, caller, createOnce, signal } = context;
  const create = dataExchangeCreate(backends, request.details, request);
  return createOnce.run({
    tenant: caller.id,
    key: idempotencyKey,
    create,
    signal,
    onReplay: () => context.markReplayed(),
  });
}

/** The backend was given the details alone, and names its fields from there; the key is a field of the input itself. */
function creationErrorFrom(error: unknown): UserError {
  const isAboutKey = error instanceof BackendError && error.code === 'IDEMPOTENCY_MISMATCH';
  return userErrorFrom(error, isAboutKey ? ['input'] : ['input', 'details']);
}

/** Whatever becomes of the start, the job exists: its id must reach the caller. */
async function startCreatedJob(
  job: DataExchangeJob,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<DataExchangeJobPayload> {
  try {
    return { job: (await requestStart(job.awsJobId, context, info)) ?? job, userErrors: [] };
  } catch (error) {
    if (isCallerError(error)) return { job, userErrors: [startErrorFrom(error)] };
    if (!(error instanceof BackendError)) throw error;
    reportFailure(error, context, info);
    return { job, userErrors: [] };
  }
}

function startErrorFrom(error: BackendError): UserError {
  const refusal = userErrorFrom(error, ['input'], ['input', 'start']);
  return { ...refusal, message: `The job exists and waits, for it could not be started: ${refusal.message}` };
}
