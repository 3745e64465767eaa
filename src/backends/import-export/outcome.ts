/** Says what a call changes at the service, and so what it means if its answer is lost. */
import type { BackendError, BackendErrorOptions } from '../../model/errors.ts';
import { failure } from './errors.ts';

/** `nothing` includes a create or an update that is only checked. `new job` must not happen twice. */
export type Effect = 'change' | 'new job' | 'nothing';

/** The error of a call that was sent and got no clear answer. */
export function unclearFailure(effect: Effect, options: Omit<BackendErrorOptions, 'service'>): BackendError {
  if (effect !== 'new job') return failure({ ...options, isOutcomeUnclear: effect === 'change' });
  return failure({
    ...options,
    code: 'OUTCOME_UNKNOWN',
    message:
      'AWS Import/Export gave no clear answer, so the job may or may not exist: look for it in `jobs` first, and repeat ' +
      'the create only with an idempotency key.',
    isOutcomeUnclear: true,
  });
}
