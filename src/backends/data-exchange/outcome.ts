/** Determines the outcome of a write that was refused, or whose answer was lost. */
import { type Creatable, lookIn } from '../../model/creatable.ts';
import type { DataExchangeJob } from '../../model/data-exchange-job.ts';
import { BackendError, type BackendErrorOptions } from '../../model/errors.ts';
import type { JobState } from '../../model/job-state.ts';
import { rewritten } from './errors.ts';

/** Runs the create of a `noun`. Throws `BackendError` OUTCOME_UNKNOWN if it may or may not have taken effect. */
export async function outcomeKnown<T>(noun: Creatable, create: () => Promise<T>): Promise<T> {
  try {
    return await create();
  } catch (error) {
    throw error instanceof BackendError && error.isOutcomeUnclear ? rewritten(error, outcomeUnknown(noun)) : error;
  }
}

function outcomeUnknown(noun: Creatable): Partial<BackendErrorOptions> {
  return {
    code: 'OUTCOME_UNKNOWN',
    message:
      `The answer of AWS Data Exchange was lost: the ${noun} may or may not exist. Look for it in ${lookIn[noun]} first; ` +
      'repeat the request only with an idempotency key.',
  };
}

export interface Settlement {
  readonly write: () => Promise<unknown>;
  readonly read: () => Promise<DataExchangeJob>;
  /** The states in which the write has its effect. */
  readonly wanted: readonly JobState[];
}

/**
 * Runs a start or a cancel. If it is refused or its answer is lost, reads the job once: a job in one of the `wanted`
 * states is a success, whichever call brought it there. No document says which error the service gives for a second
 * start or a late cancel, so this holds for every refusal that the job's state could explain.
 */
export async function settled({ write, read, wanted }: Settlement): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (!(error instanceof BackendError) || !isExplainedByState(error)) throw error;
    const job = await read().catch(() => null);
    if (job && wanted.includes(job.state)) return;
    throw job ? explained(error, job.state) : error;
  }
}

function isExplainedByState(error: BackendError): boolean {
  return error.isOutcomeUnclear || ['CONFLICT', 'INVALID_INPUT', 'NOT_FOUND', 'UPSTREAM_REJECTED'].includes(error.code);
}

/** A job that is WAITING can be started and cancelled, so that state is not the reason of a refusal. */
function explained(error: BackendError, state: JobState): BackendError {
  if (error.isOutcomeUnclear || state === 'WAITING') return error;
  return rewritten(error, {
    code: 'CONFLICT',
    message: `Only a job that is WAITING can be started or cancelled; this one is ${state}.`,
    field: ['id'],
  });
}
