/** The errors of a create with a key. */
import { BackendError, type BackendErrorOptions } from '../model/errors.ts';
import type { JobService } from '../model/job-state.ts';
import type { Rejection } from './create-record.ts';

export function mismatch(service: JobService): BackendError {
  return new BackendError({
    service,
    code: 'IDEMPOTENCY_MISMATCH',
    message: 'This idempotency key was used with another input. Use a new key for a new job.',
    field: ['idempotencyKey'],
  });
}

export function inProgress(service: JobService): BackendError {
  return new BackendError({
    service,
    code: 'IDEMPOTENCY_IN_PROGRESS',
    message: 'The create with this idempotency key is still under way. Send the same request again with the same key.',
    retryAfterMs: 1_000,
  });
}

export function storeUnavailable(service: JobService, cause: unknown): BackendError {
  return new BackendError({
    service,
    code: 'IDEMPOTENCY_STORE_UNAVAILABLE',
    message: 'This gateway cannot keep idempotency keys at the moment, so nothing was sent.',
    retryAfterMs: 1_000,
    cause,
  });
}

/** For a create whose job may still be found: a repeat with the same key settles it. */
export function pendingOutcome(service: JobService, retryAfterMs: number, cause?: unknown): BackendError {
  return unknownOutcome({
    service,
    message:
      'It is not known yet whether the job exists. Send the same request again with the same idempotency key: it finds the ' +
      'job, or creates it if there is none.',
    retryable: true,
    retryAfterMs,
    cause,
  });
}

/** For a create whose job carries no mark to find it by. */
export function untraceableOutcome(service: JobService, cause?: unknown): BackendError {
  return unknownOutcome({
    service,
    message:
      'The answer was lost, and the manifest has no room for a mark by which its job could be found: look for it in ' +
      '`jobs`. It is not sent again with this idempotency key.',
    retryable: false,
    cause,
  });
}

/** For a create whose job looks like the jobs of others. */
export function ambiguousOutcome(service: JobService): BackendError {
  return unknownOutcome({
    service,
    message:
      'The answer was lost, and more equal jobs exist than this idempotency key has sent: some belong to others, and ' +
      'nothing shows which. None was started or cancelled, and nothing is sent again with this key. Look for them in ' +
      '`jobs` and use one of them, or use a new key for a new job.',
    retryable: false,
  });
}

/** For a key whose record cannot be read. */
export function unreadableRecord(service: JobService, cause: unknown): BackendError {
  return unknownOutcome({
    service,
    message:
      'Another version of this gateway has used this idempotency key, and what it kept cannot be read by this one. Nothing ' +
      'was sent now. Look for the job in `jobs`; it is not sent again with this key.',
    retryable: false,
    cause,
  });
}

/** For a create without a key, if a search has bound its job to an equal create with a key first. */
export function jobBoundElsewhere(service: JobService): BackendError {
  return unknownOutcome({
    service,
    message:
      'The job cannot be distinguished from that of an equal create at the same time: look in `jobs` first, and use a key.',
    retryable: false,
  });
}

function unknownOutcome(options: Omit<BackendErrorOptions, 'code'>): BackendError {
  return new BackendError({ ...options, code: 'OUTCOME_UNKNOWN', isOutcomeUnclear: true });
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

export function rejected(service: JobService, { field, ...rejection }: Rejection): BackendError {
  return new BackendError({ service, ...rejection, ...(field !== undefined && { field }) });
}
