/** Creates the errors of the Data Exchange client. */
import { BackendError, type BackendErrorOptions } from '../../model/errors.ts';
import type { InputFault } from '../../model/input-fault.ts';

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

/** For a request with `fault`, the first of `faults`. */
export function refusedFor(
  code: 'CONFLICT' | 'INVALID_INPUT',
  fault: InputFault,
  faults: readonly InputFault[] = [fault],
): BackendError {
  return dataExchangeError({ code, message: fault.message, field: fault.field, faults });
}

/** Throws `BackendError` INVALID_INPUT with all `faults`, unless there are none. */
export function assertFaultless(faults: readonly InputFault[]): void {
  const [first] = faults;
  if (first !== undefined) throw refusedFor('INVALID_INPUT', first, faults);
}

/** By `ResourceType`, a member of `ResourceNotFoundException`. */
const sentencesByResource = {
  ASSET: 'AWS Data Exchange has no asset with this id in this revision.',
  DATA_SET: 'AWS Data Exchange has no data set with this id in this account and region.',
  JOB: 'AWS Data Exchange has no job with this id in this account and region.',
  REVISION: 'AWS Data Exchange has no revision with this id in this data set.',
} as const;

export type ResourceType = keyof typeof sentencesByResource;

export function isResourceType(word: string): word is ResourceType {
  return Object.hasOwn(sentencesByResource, word);
}

/** What the gateway says of a resource of this type that the service does not have. */
export function missingSentence(type: ResourceType): string {
  return sentencesByResource[type];
}

export function noSuch(type: ResourceType): BackendError {
  return dataExchangeError({ code: 'NOT_FOUND', message: missingSentence(type) });
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
    faults: error.faults,
    isOutcomeUnclear: error.isOutcomeUnclear,
    isWithheld: error.isWithheld,
    cause: error.cause,
    ...changes,
  });
}
