/** Creates a Data Exchange job and, if requested, starts it. */
import type { GraphQLResolveInfo } from 'graphql';
import { faultsInRequest } from '../backends/data-exchange/validate.ts';
import { dataExchangeCreate } from '../creates/create.ts';
import type { DataExchangeJob } from '../model/data-exchange-job.ts';
import type { DataExchangeJobRequest } from '../model/data-exchange-request.ts';
import { BackendError } from '../model/errors.ts';
import { faultsAt } from '../model/input-fault.ts';
import type { Maybe } from '../model/maybe.ts';
import type { Context } from './context.ts';
import { type UserError, userErrorsFrom } from './failures.ts';
import { createdOnce, faultsInKey } from './idempotency-key.ts';
import { resultOfMade } from './made-job.ts';
import { payloadOf, Refusal } from './payload.ts';
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
  return payloadOf<{ job: DataExchangeJob }>(
    { context, refused: { job: null }, errorsFrom: creationErrorsFrom },
    async () => {
      checkKey(idempotencyKey, request.details);
      const made = await createdOnce(dataExchangeCreate(context.backends, request), idempotencyKey, context);
      return resultOfMade(made, ['input', 'start'], context, info);
    },
  );
}

/** Throws `Refusal` for a malformed key, with the faults of the rest. Without one the backend finds those itself. */
function checkKey(key: Maybe<string>, details: DataExchangeJobRequest): void {
  const faults = faultsInKey(key);
  if (faults.length === 0) return;
  throw new Refusal(...faultsAt(['input'], faults), ...faultsAt(['input', 'details'], faultsInRequest(details)));
}

/** The backend's field paths begin within `details`; the key is a field of the input itself. */
function creationErrorsFrom(error: unknown): readonly UserError[] {
  const isAboutKey = error instanceof BackendError && error.code === 'IDEMPOTENCY_MISMATCH';
  return userErrorsFrom(error, isAboutKey ? ['input'] : ['input', 'details']);
}
