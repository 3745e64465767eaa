/** The errors of a create with a key. */
import { type Creatable, lookIn } from '../model/creatable.ts';
import { BackendError, type BackendErrorOptions } from '../model/errors.ts';
import { type CreateTarget, type Rejection, serviceOf } from './create-record.ts';

const nouns: Readonly<Record<CreateTarget, Creatable>> = {
  DATA_EXCHANGE: 'job',
  IMPORT_EXPORT: 'job',
  DATA_SET: 'data set',
  REVISION: 'revision',
};

export function mismatch(target: CreateTarget): BackendError {
  return new BackendError({
    service: serviceOf(target),
    code: 'IDEMPOTENCY_MISMATCH',
    message: `This idempotency key was used with another input. Use a new key for a new ${nouns[target]}.`,
    field: ['idempotencyKey'],
  });
}

export function inProgress(target: CreateTarget): BackendError {
  return new BackendError({
    service: serviceOf(target),
    code: 'IDEMPOTENCY_IN_PROGRESS',
    message: 'The create with this idempotency key is still under way. Send the same request again with the same key.',
    retryAfterMs: 1_000,
  });
}

export function storeUnavailable(target: CreateTarget, cause: unknown): BackendError {
  return new BackendError({
    service: serviceOf(target),
    code: 'IDEMPOTENCY_STORE_UNAVAILABLE',
    message: 'This gateway cannot keep idempotency keys at the moment, so nothing was sent.',
    retryAfterMs: 1_000,
    cause,
  });
}

/** For a create whose result may still be found: a repeat with the same key settles it. */
export function pendingOutcome(target: CreateTarget, retryAfterMs: number, cause?: unknown): BackendError {
  const noun = nouns[target];
  return unknownOutcome(target, {
    message:
      `It is not known yet whether the ${noun} exists. Send the same request again with the same idempotency key: it finds the ` +
      `${noun}, or creates it if there is none.`,
    retryable: true,
    retryAfterMs,
    cause,
  });
}

/** For a create whose result carries no mark to find it by. */
export function untraceableOutcome(target: CreateTarget, cause?: unknown): BackendError {
  const noun = nouns[target];
  const reason =
    target === 'IMPORT_EXPORT' || target === 'DATA_EXCHANGE'
      ? `the manifest has no room for a mark by which its ${noun} could be found`
      : `this account refuses the tag by which its ${noun} could be found`;
  return unknownOutcome(target, {
    message: `The answer was lost, and ${reason}: look for it in ${lookIn[noun]}. It is not sent again with this idempotency key.`,
    retryable: false,
    cause,
  });
}

/** For a create whose result may be among more than a search reads. */
export function outOfReach(target: CreateTarget, cause?: unknown): BackendError {
  const noun = nouns[target];
  return unknownOutcome(target, {
    message:
      `The answer was lost, and more ${noun}s were created around that time than the gateway looks through: look for it in ` +
      `${lookIn[noun]}. It is not sent again with this idempotency key.`,
    retryable: false,
    cause,
  });
}

/** For a create whose result looks like those of others. */
export function ambiguousOutcome(target: CreateTarget): BackendError {
  const noun = nouns[target];
  return unknownOutcome(target, {
    message:
      `The answer was lost, and more equal ${noun}s exist than this idempotency key has sent: some belong to others, and ` +
      'nothing shows which. None was started or cancelled, and nothing is sent again with this key. Look for them in ' +
      `${lookIn[noun]} and use one of them, or use a new key for a new ${noun}.`,
    retryable: false,
  });
}

/** For a key whose record cannot be read. */
export function unreadableRecord(target: CreateTarget, cause: unknown): BackendError {
  const noun = nouns[target];
  return unknownOutcome(target, {
    message:
      'Another version of this gateway has used this idempotency key, and what it kept cannot be read by this one. Nothing ' +
      `was sent now. Look for the ${noun} in ${lookIn[noun]}; it is not sent again with this key.`,
    retryable: false,
    cause,
  });
}

/** For a create without a key, if a search has bound its result to an equal create with a key first. */
export function boundElsewhere(target: CreateTarget): BackendError {
  const noun = nouns[target];
  return unknownOutcome(target, {
    message: `The ${noun} cannot be distinguished from that of an equal create at the same time: look in ${lookIn[noun]} first, and use a key.`,
    retryable: false,
  });
}

function unknownOutcome(target: CreateTarget, options: Omit<BackendErrorOptions, 'code' | 'service'>): BackendError {
  return new BackendError({ ...options, service: serviceOf(target), code: 'OUTCOME_UNKNOWN', isOutcomeUnclear: true });
}

/** The rejection to keep; undefined for errors that may pass, and for refusals by this gateway. */
export function rejectionFrom(error: unknown): Rejection | undefined {
  if (!(error instanceof BackendError) || error.awsCode === undefined) return undefined;
  const { code, message, awsCode, field } = error;
  switch (code) {
    case 'ACCESS_DENIED':
    case 'CONFLICT':
    case 'INVALID_INPUT':
    case 'INVALID_MANIFEST':
    case 'NOT_FOUND':
    case 'QUOTA_EXCEEDED':
      return { code, message, awsCode, ...(field !== undefined && { field }) };
    default:
      return undefined;
  }
}

export function rejected(target: CreateTarget, { field, ...rejection }: Rejection): BackendError {
  return new BackendError({ service: serviceOf(target), ...rejection, ...(field !== undefined && { field }) });
}
