/** Creates the errors of the Data Exchange client. */
import { BackendError, type BackendErrorOptions } from '../../model/errors.ts';

export function dataExchangeError(options: Omit<BackendErrorOptions, 'service'>): BackendError {
  return new BackendError({ ...options, service: 'DATA_EXCHANGE' });
}

/** For an unreadable answer with a status of success. The service may have acted. */
export function badResponse(reason: string, cause?: unknown): BackendError {
  return dataExchangeError({
    code: 'UPSTREAM_BAD_RESPONSE',
    message: `AWS Data Exchange gave an answer that cannot be read: ${reason}.`,
    isOutcomeUnclear: true,
    cause,
  });
}

/** For an invalid value at `field`, which the message names too. `rule` says what was expected and what arrived. */
export function invalidInput(field: readonly string[], rule: string): BackendError {
  const message = `${[...field, ''].join('.').replace(/\.$/, ': ')}${rule}.`;
  return dataExchangeError({ code: 'INVALID_INPUT', message, field });
}

export function noSuchJob(field?: readonly string[]): BackendError {
  return dataExchangeError({
    code: 'NOT_FOUND',
    message: 'AWS Data Exchange has no job with this id in this account and region.',
    ...(field && { field }),
  });
}

/** A copy of `error` with `changes`. */
export function rewritten(error: BackendError, changes: Partial<BackendErrorOptions>): BackendError {
  const { awsCode, field, retryAfterMs } = error;
  return dataExchangeError({
    code: error.code,
    message: error.message,
    ...(awsCode !== undefined && { awsCode }),
    ...(field !== undefined && { field }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    isOutcomeUnclear: error.isOutcomeUnclear,
    isWithheld: error.isWithheld,
    cause: error.cause,
    ...changes,
  });
}
