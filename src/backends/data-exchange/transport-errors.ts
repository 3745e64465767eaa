/** What it means when no complete answer came: was anything sent, and was it time, the network or the credentials? */
import type { BackendError } from '../../model/errors.ts';
import { BodyTooLargeError, isConnectFailure } from '../calls/transport.ts';
import { badResponse, dataExchangeError } from './errors.ts';

/** The request could not be signed in time, or the caller ended it by `callerSignal` before that. Nothing was sent. */
export function notSigned(cause: unknown, callerSignal: AbortSignal): BackendError {
  if (callerSignal.aborted) return callEnded(cause, false);
  return dataExchangeError({
    code: 'CREDENTIALS_UNAVAILABLE',
    message: isRegionMissing(cause)
      ? 'No AWS region is set for this gateway, so AWS Data Exchange cannot be called.'
      : 'This gateway cannot get AWS credentials, so AWS Data Exchange cannot be called.',
    cause,
  });
}

/** The reading of a body failed with `cause`, perhaps because `signal` fired. */
export function brokenBody(cause: unknown, signal: AbortSignal): BackendError {
  if (cause instanceof BodyTooLargeError) return badResponse('it is larger than a reply may be', cause);
  return signal.aborted ? callEnded(cause, true) : badResponse('it breaks off');
}

/** The transport failed with `cause` before any answer, perhaps because `signal` fired. */
export function notAnswered(cause: unknown, signal: AbortSignal): BackendError {
  if (signal.aborted) return callEnded(cause, true);
  const wasSent = !isConnectFailure(cause);
  return dataExchangeError({
    code: 'UPSTREAM_UNAVAILABLE',
    message: wasSent
      ? 'The connection to AWS Data Exchange was lost before an answer had come.'
      : 'AWS Data Exchange cannot be reached.',
    isOutcomeUnclear: wasSent,
    cause,
  });
}

function callEnded(cause: unknown, isOutcomeUnclear: boolean): BackendError {
  return dataExchangeError({
    code: 'UPSTREAM_TIMEOUT',
    message: 'AWS Data Exchange did not answer in time.',
    isOutcomeUnclear,
    cause,
  });
}

/** The SDK tells it by nothing but this text of its own (@smithy/core 3.41.0, `resolveRegionConfig`). */
function isRegionMissing(cause: unknown): boolean {
  return cause instanceof Error && cause.message === 'Region is missing';
}
