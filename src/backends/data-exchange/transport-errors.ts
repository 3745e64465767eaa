/** What it means when no complete answer came: was anything sent, and was it time, the network or the credentials? */
import type { BackendError } from '../../errors.ts';
import { BodyTooLargeError } from '../transport.ts';
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

/** The transport, or the reading of the body, failed with `cause`, perhaps because `signal` fired. */
export function errorFromTransport(cause: unknown, signal: AbortSignal): BackendError {
  if (cause instanceof BodyTooLargeError) return badResponse('it is larger than any answer of this API');
  if (signal.aborted) return callEnded(cause, true);
  const wasSent = !isConnectFailure(cause);
  return dataExchangeError({
    code: 'UPSTREAM_UNAVAILABLE',
    message: wasSent
      ? 'The connection to AWS Data Exchange was lost before the whole answer had come.'
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

const connectCodes = new Set(['EAI_AGAIN', 'ECONNREFUSED', 'ENOTFOUND', 'UND_ERR_CONNECT_TIMEOUT']);

/** Codes of Node's TLS for a certificate that it refuses: the handshake ends before the first byte of a request. */
const certificateCode = /^(CERT_|ERR_TLS_|DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED_|UNABLE_TO_(GET|VERIFY)_)/;

/** Whether the connection was never made, so that nothing can have been sent. The error may be wrapped, as `fetch` does. */
function isConnectFailure(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code = '', syscall } = error as NodeJS.ErrnoException;
  if (syscall === 'connect' || connectCodes.has(code) || certificateCode.test(code)) return true;
  return isConnectFailure(error.cause);
}
