/** Writes and signs calls to AWS Data Exchange, and converts lost replies into errors. */
import type { BackendError } from '../../model/errors.ts';
import type { Codec } from '../calls/exchange.ts';
import type { LostReply } from '../calls/lost-reply.ts';
import { badResponse, dataExchangeError } from './errors.ts';
import { type Call, createSigner } from './signer.ts';
import type { SdkOptions } from './unsent-request.ts';

export function createCodec(options: SdkOptions): Codec<Call> {
  return {
    // 200 jobs with 100 sources each take 1.5 MB if the keys are ordinary; if they are long, three jobs may. `PageSize`
    // then requests fewer.
    maxReplyBytes: 2 * 1024 * 1024,
    requestOf: (call) => call,
    sign: createSigner(options),
    failureOf,
  };
}

function failureOf({ reason, cause }: LostReply): BackendError {
  switch (reason) {
    case 'not signed':
      return dataExchangeError({
        code: 'CREDENTIALS_UNAVAILABLE',
        message: isRegionMissing(cause)
          ? 'No AWS region is set for this gateway, so AWS Data Exchange cannot be called.'
          : 'This gateway cannot get AWS credentials, so AWS Data Exchange cannot be called.',
        cause,
      });
    case 'not connected': {
      const message = 'AWS Data Exchange cannot be reached.';
      return dataExchangeError({ code: 'UPSTREAM_UNAVAILABLE', message, cause });
    }
    case 'connection lost': {
      const message = 'The connection to AWS Data Exchange was lost before an answer had come.';
      return dataExchangeError({ code: 'UPSTREAM_UNAVAILABLE', message, isOutcomeUnclear: true, cause });
    }
    case 'body broken off':
      return badResponse('it breaks off');
    case 'body too large':
      return badResponse('it is larger than a reply may be', cause);
    // Import/Export's client throws the caller's own reason instead. Only callers who left receive either.
    case 'caller left':
    case 'too late': {
      const message = 'AWS Data Exchange did not answer in time.';
      return dataExchangeError({
        code: 'UPSTREAM_TIMEOUT',
        message,
        isOutcomeUnclear: reason === 'too late',
        cause,
      });
    }
  }
}

/** The SDK reports it only by this text (@smithy/core 3.41.0, `resolveRegionConfig`). */
function isRegionMissing(cause: unknown): boolean {
  return cause instanceof Error && cause.message === 'Region is missing';
}
