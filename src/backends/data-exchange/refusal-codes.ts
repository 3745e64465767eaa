/** Maps the service's errors to the gateway's codes: by name, or by status if an error has no name. */
import type { CallerErrorCode, UpstreamErrorCode } from '../../model/errors.ts';

/** The message of each code, where nothing more specific is known. */
export const sentences = {
  ACCESS_DENIED: 'AWS Data Exchange does not allow this with the credentials of this gateway.',
  CLOCK_SKEW: 'AWS Data Exchange refused the time of the request: the clock of this gateway is wrong.',
  CONFLICT: 'The state of the job or of its resources does not allow this.',
  CREDENTIALS_UNAVAILABLE: 'AWS Data Exchange does not accept the credentials of this gateway.',
  INVALID_INPUT: 'AWS Data Exchange refused the request as invalid.',
  NOT_FOUND: 'AWS Data Exchange does not have what the request names.',
  QUOTA_EXCEEDED: 'A quota of the AWS account is used up.',
  UPSTREAM_BAD_RESPONSE: 'AWS Data Exchange answered with a redirect, which is never followed.',
  UPSTREAM_REJECTED: 'AWS Data Exchange rejected the request of this gateway.',
  UPSTREAM_THROTTLED: 'AWS Data Exchange is receiving too many requests.',
  UPSTREAM_UNAVAILABLE: 'AWS Data Exchange failed to answer the request.',
} as const satisfies Partial<Record<CallerErrorCode | UpstreamErrorCode, string>>;

export type RefusalCode = keyof typeof sentences;

/** The exceptions of the jobs API (its reference, "Errors") and those of any AWS API ("Common Errors"). */
const codesByName: ReadonlyMap<string, RefusalCode> = new Map([
  ['AccessDenied', 'ACCESS_DENIED'],
  ['AccessDeniedException', 'ACCESS_DENIED'],
  ['NotAuthorized', 'ACCESS_DENIED'],
  ['OptInRequired', 'ACCESS_DENIED'],
  ['UnauthorizedOperation', 'ACCESS_DENIED'],
  ['ResourceNotFoundException', 'NOT_FOUND'],
  ['ConflictException', 'CONFLICT'],
  ['ServiceLimitExceededException', 'QUOTA_EXCEEDED'],
  ['ValidationException', 'INVALID_INPUT'],
  ['Throttling', 'UPSTREAM_THROTTLED'],
  ['ThrottlingException', 'UPSTREAM_THROTTLED'],
  ['ThrottledException', 'UPSTREAM_THROTTLED'],
  ['RequestThrottled', 'UPSTREAM_THROTTLED'],
  ['RequestThrottledException', 'UPSTREAM_THROTTLED'],
  ['RequestLimitExceeded', 'UPSTREAM_THROTTLED'],
  ['TooManyRequestsException', 'UPSTREAM_THROTTLED'],
  ['SlowDown', 'UPSTREAM_THROTTLED'],
  ['InternalFailure', 'UPSTREAM_UNAVAILABLE'],
  ['InternalServerException', 'UPSTREAM_UNAVAILABLE'],
  ['ServiceUnavailable', 'UPSTREAM_UNAVAILABLE'],
  ['ServiceUnavailableException', 'UPSTREAM_UNAVAILABLE'],
  ['ExpiredToken', 'CREDENTIALS_UNAVAILABLE'],
  ['ExpiredTokenException', 'CREDENTIALS_UNAVAILABLE'],
  ['InvalidClientTokenId', 'CREDENTIALS_UNAVAILABLE'],
  ['InvalidAccessKeyId', 'CREDENTIALS_UNAVAILABLE'],
  ['MissingAuthenticationToken', 'CREDENTIALS_UNAVAILABLE'],
  ['MissingAuthenticationTokenException', 'CREDENTIALS_UNAVAILABLE'],
  ['UnrecognizedClientException', 'CREDENTIALS_UNAVAILABLE'],
  ['RequestExpired', 'CLOCK_SKEW'],
  ['RequestInTheFuture', 'CLOCK_SKEW'],
  ['RequestTimeTooSkewed', 'CLOCK_SKEW'],
]);

const codesByStatus: ReadonlyMap<number, RefusalCode> = new Map([
  [402, 'QUOTA_EXCEEDED'],
  [403, 'ACCESS_DENIED'],
  [404, 'NOT_FOUND'],
  [409, 'CONFLICT'],
]);

/** The code of a refusal whose status is 300 or above. `name` is undefined if it has none. */
export function codeOfRefusal(name: string | undefined, status: number): RefusalCode {
  if (status < 400) return 'UPSTREAM_BAD_RESPONSE';
  const code = name === undefined ? codesByStatus.get(status) : codesByName.get(name);
  if (code) return code;
  if (status === 429) return 'UPSTREAM_THROTTLED';
  return status >= 500 ? 'UPSTREAM_UNAVAILABLE' : 'UPSTREAM_REJECTED';
}
