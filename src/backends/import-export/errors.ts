/** Maps the service's exceptions to the errors of the Import/Export client. */
import { BackendError, type BackendErrorOptions } from '../../model/errors.ts';
import type { Operation } from './query.ts';

type Meaning = Pick<BackendErrorOptions, 'code' | 'message' | 'field'>;

/** An error of the Import/Export client. */
export function failure(options: Omit<BackendErrorOptions, 'service'>): BackendError {
  return new BackendError({ service: 'IMPORT_EXPORT', ...options });
}

export const unreadableAnswer = {
  code: 'UPSTREAM_BAD_RESPONSE',
  message: 'AWS Import/Export gave an answer that cannot be read.',
} as const;

const manifest = ['manifest'];

/**
 * The exceptions of the API (service model 2010-06-01 and its guide), then those common to AWS services, by their names
 * without `Exception`. The messages are the gateway's, as those of the service may quote a manifest.
 */
const meanings: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
  [
    'BucketPermission',
    { code: 'ACCESS_DENIED', message: 'AWS lacks the rights it needs on a bucket.', field: manifest },
  ],
  ['CanceledJobId', { code: 'CONFLICT', message: 'The job has been cancelled.' }],
  ['CreateJobQuotaExceeded', { code: 'QUOTA_EXCEEDED', message: 'No more jobs can be created today.' }],
  ['ExpiredJobId', { code: 'CONFLICT', message: 'The job has expired.' }],
  [
    'InvalidAccessKeyId',
    { code: 'INVALID_MANIFEST', message: 'The manifest names another access key.', field: manifest },
  ],
  ['InvalidAccessId', { code: 'INVALID_MANIFEST', message: 'The manifest names another access key.', field: manifest }],
  ['InvalidAddress', { code: 'INVALID_MANIFEST', message: 'The return address is not valid.', field: manifest }],
  ['InvalidCustoms', { code: 'INVALID_MANIFEST', message: 'A customs value is not valid.', field: manifest }],
  ['InvalidFileSystem', { code: 'INVALID_MANIFEST', message: 'The file system is not valid.', field: manifest }],
  ['InvalidJobId', { code: 'NOT_FOUND', message: 'There is no such job.' }],
  ['InvalidManifestField', { code: 'INVALID_MANIFEST', message: 'A manifest value is not valid.', field: manifest }],
  ['InvalidParameter', { code: 'INVALID_INPUT', message: 'A parameter is not valid.' }],
  ['InvalidVersion', { code: 'UPSTREAM_REJECTED', message: 'The service refused the version of the API.' }],
  ['MalformedManifest', { code: 'INVALID_MANIFEST', message: 'The manifest is not well-formed.', field: manifest }],
  ['MissingCustoms', { code: 'INVALID_MANIFEST', message: 'A customs value is missing.', field: manifest }],
  ['MissingManifestField', { code: 'INVALID_MANIFEST', message: 'A manifest value is missing.', field: manifest }],
  ['MissingParameter', { code: 'INVALID_INPUT', message: 'A parameter is missing.' }],
  [
    'MultipleRegions',
    { code: 'INVALID_MANIFEST', message: 'The buckets are in more than one region.', field: manifest },
  ],
  ['NoSuchBucket', { code: 'NOT_FOUND', message: 'A bucket does not exist.', field: manifest }],
  ['UnableToCancelJobId', { code: 'CONFLICT', message: 'The job can no longer be cancelled.' }],
  ['UnableToUpdateJobId', { code: 'CONFLICT', message: 'The job can no longer be updated.' }],
  [
    'InvalidClientTokenId',
    { code: 'CREDENTIALS_UNAVAILABLE', message: 'The service does not know the access key of this gateway.' },
  ],

  ...withMeaning(['AccessDenied', 'NotAuthorized', 'UnauthorizedOperation'], {
    code: 'ACCESS_DENIED',
    message: 'The AWS account of this gateway may not do this.',
  }),
  ...withMeaning(['ExpiredToken', 'InvalidToken', 'MissingAuthenticationToken', 'UnrecognizedClient'], {
    code: 'CREDENTIALS_UNAVAILABLE',
    message: 'The service does not accept the credentials of this gateway.',
  }),
  ...withMeaning(['RequestExpired', 'RequestInTheFuture', 'RequestTimeTooSkewed'], {
    code: 'CLOCK_SKEW',
    message: 'The clocks of the service and of this gateway differ too much.',
  }),
  ...withMeaning(
    [
      'EC2Throttled',
      'ProvisionedThroughputExceeded',
      'RequestLimitExceeded',
      'RequestThrottled',
      'Throttling',
      'TooManyRequests',
      'TransactionInProgress',
    ],
    { code: 'UPSTREAM_THROTTLED', message: 'AWS Import/Export is receiving too many requests.' },
  ),
]);

const invalidSender: Meaning = {
  code: 'INVALID_INPUT',
  message: 'The address is not valid.',
  field: ['sender'],
};
const rejected: Meaning = { code: 'UPSTREAM_REJECTED', message: 'AWS Import/Export refused the request.' };

/** The meaning of the exception `awsCode` as an answer to `operation`. An unknown exception is UPSTREAM_REJECTED. */
export function exceptionMeaning(awsCode: string, operation: Operation): Meaning {
  const name = exceptionName(awsCode);
  if (name === 'InvalidAddress' && operation === 'GetShippingLabel') return invalidSender;
  return meanings.get(name) ?? rejected;
}

/** Whether `error` is the exception `name` of the service, given without `Exception`. */
export function isException(error: unknown, name: string): error is BackendError {
  return error instanceof BackendError && error.awsCode !== undefined && exceptionName(error.awsCode) === name;
}

function exceptionName(awsCode: string): string {
  return awsCode.replace(/Exception$/, '');
}

function withMeaning(names: readonly string[], meaning: Meaning): [string, Meaning][] {
  return names.map((name) => [name, meaning]);
}
