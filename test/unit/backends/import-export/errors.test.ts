/** What each exception of the service becomes. */
import { describe, expect, it } from 'vitest';
import { address, clientAnswering, errorBody, failureOf, importToS3, newJob, uninterrupted } from './fixtures.ts';

const documented = [
  'BucketPermissionException',
  'CanceledJobIdException',
  'CreateJobQuotaExceededException',
  'ExpiredJobIdException',
  'InvalidAccessKeyIdException',
  'InvalidAddressException',
  'InvalidCustomsException',
  'InvalidFileSystemException',
  'InvalidJobIdException',
  'InvalidManifestFieldException',
  'InvalidParameterException',
  'InvalidVersionException',
  'MalformedManifestException',
  'MissingCustomsException',
  'MissingManifestFieldException',
  'MissingParameterException',
  'MultipleRegionsException',
  'NoSuchBucketException',
  'UnableToCancelJobIdException',
  'UnableToUpdateJobIdException',
  'InvalidClientTokenIdException',
];

const common = [
  'InvalidAccessIdException',
  'AccessDenied',
  'AccessDeniedException',
  'ExpiredToken',
  'UnrecognizedClientException',
  'RequestTimeTooSkewed',
  'RequestExpired',
  'RequestInTheFuture',
  'SignatureDoesNotMatch',
  'InvalidAction',
  'SomethingNew',
];

const throttling = [
  'Throttling',
  'ThrottlingException',
  'RequestLimitExceeded',
  'ProvisionedThroughputExceeded',
  'ProvisionedThroughputExceededException',
  'RequestThrottled',
  'RequestThrottledException',
  'TooManyRequestsException',
  'EC2ThrottledException',
  'TransactionInProgressException',
];

function updateFailing(body: string, init: ResponseInit) {
  const { client } = clientAnswering(body, init);
  return failureOf(client.updateJob('53TX4', { manifest: { importToS3 }, validateOnly: false }, uninterrupted));
}

async function rowOf(awsCode: string) {
  const { code, field, message, awsCode: kept } = await updateFailing(errorBody(awsCode), { status: 400 });
  expect(kept).toBe(awsCode);
  return [awsCode, code, field?.join('.') ?? '', message].join(' | ');
}

it('Each of the 21 documented exceptions has one code and one message of the gateway', async () => {
  expect(documented).toHaveLength(21);
  expect((await Promise.all(documented.map(rowOf))).join('\n')).toMatchInlineSnapshot(`
    "BucketPermissionException | ACCESS_DENIED | manifest | AWS lacks the rights it needs on a bucket.
    CanceledJobIdException | CONFLICT |  | The job has been cancelled.
    CreateJobQuotaExceededException | QUOTA_EXCEEDED |  | No more jobs can be created today.
    ExpiredJobIdException | CONFLICT |  | The job has expired.
    InvalidAccessKeyIdException | INVALID_MANIFEST | manifest | The manifest names another access key.
    InvalidAddressException | INVALID_MANIFEST | manifest | The return address is not valid.
    InvalidCustomsException | INVALID_MANIFEST | manifest | A customs value is not valid.
    InvalidFileSystemException | INVALID_MANIFEST | manifest | The file system is not valid.
    InvalidJobIdException | NOT_FOUND |  | There is no such job.
    InvalidManifestFieldException | INVALID_MANIFEST | manifest | A manifest value is not valid.
    InvalidParameterException | INVALID_INPUT |  | A parameter is not valid.
    InvalidVersionException | UPSTREAM_REJECTED |  | The service refused the version of the API.
    MalformedManifestException | INVALID_MANIFEST | manifest | The manifest is not well-formed.
    MissingCustomsException | INVALID_MANIFEST | manifest | A customs value is missing.
    MissingManifestFieldException | INVALID_MANIFEST | manifest | A manifest value is missing.
    MissingParameterException | INVALID_INPUT |  | A parameter is missing.
    MultipleRegionsException | INVALID_MANIFEST | manifest | The buckets are in more than one region.
    NoSuchBucketException | NOT_FOUND | manifest | A bucket does not exist.
    UnableToCancelJobIdException | CONFLICT |  | The job can no longer be cancelled.
    UnableToUpdateJobIdException | CONFLICT |  | The job can no longer be updated.
    InvalidClientTokenIdException | CREDENTIALS_UNAVAILABLE |  | The service does not know the access key of this gateway."
  `);
});

it('Each exception common to AWS services has one code, and an unknown one is UPSTREAM_REJECTED', async () => {
  expect((await Promise.all(common.map(rowOf))).join('\n')).toMatchInlineSnapshot(`
    "InvalidAccessIdException | INVALID_MANIFEST | manifest | The manifest names another access key.
    AccessDenied | ACCESS_DENIED |  | The AWS account of this gateway may not do this.
    AccessDeniedException | ACCESS_DENIED |  | The AWS account of this gateway may not do this.
    ExpiredToken | CREDENTIALS_UNAVAILABLE |  | The service does not accept the credentials of this gateway.
    UnrecognizedClientException | CREDENTIALS_UNAVAILABLE |  | The service does not accept the credentials of this gateway.
    RequestTimeTooSkewed | CLOCK_SKEW |  | The clocks of the service and of this gateway differ too much.
    RequestExpired | CLOCK_SKEW |  | The clocks of the service and of this gateway differ too much.
    RequestInTheFuture | CLOCK_SKEW |  | The clocks of the service and of this gateway differ too much.
    SignatureDoesNotMatch | UPSTREAM_REJECTED |  | AWS Import/Export refused the request.
    InvalidAction | UPSTREAM_REJECTED |  | AWS Import/Export refused the request.
    SomethingNew | UPSTREAM_REJECTED |  | AWS Import/Export refused the request."
  `);
});

describe('throttling', () => {
  it.each(throttling)('%s is throttling with any status', async (awsCode) => {
    for (const status of [200, 400, 403, 500, 503]) {
      expect(await updateFailing(errorBody(awsCode), { status })).toEqual({
        code: 'UPSTREAM_THROTTLED',
        message: 'AWS Import/Export is receiving too many requests.',
        isOutcomeUnclear: false,
        awsCode,
      });
    }
  });

  it('Status 429 is throttling without the name of an exception', async () => {
    const failure = await updateFailing('slow down', { status: 429, headers: { 'retry-after': '7' } });
    expect(failure).toMatchObject({ code: 'UPSTREAM_THROTTLED', retryAfterMs: 7_000 });
  });
});

describe('Retry-After', () => {
  it.each([
    ['3', 3_000],
    ['0', 0],
    ['Wed, 27 May 2015 18:58:31 GMT', 10_000],
    ['Wed, 27 May 2015 18:00:00 GMT', 0],
    ['soon', undefined],
    ['soon GMT', undefined],
    ['-3', undefined],
    ['1e9', undefined],
  ])('Retry-After %j is read as %j ms', async (retryAfter, expected) => {
    const failure = await updateFailing('', { status: 503, headers: { 'retry-after': retryAfter } });
    expect(failure.code).toBe('UPSTREAM_UNAVAILABLE');
    expect(failure.retryAfterMs).toBe(expected);
  });

  it('A date in Retry-After is counted from the Date of the reply', async () => {
    const headers = { 'retry-after': 'Wed, 27 May 2015 18:00:07 GMT', date: 'Wed, 27 May 2015 18:00:00 GMT' };
    expect((await updateFailing('', { status: 503, headers })).retryAfterMs).toBe(7_000);
  });
});

it('InvalidAddressException for a label is about the sender', async () => {
  const { client } = clientAnswering(errorBody('InvalidAddressException'), { status: 400 });
  const failure = await failureOf(client.getShippingLabel({ awsJobIds: ['53TX4'], sender: address }, uninterrupted));
  expect(failure).toMatchObject({ code: 'INVALID_INPUT', field: ['sender'], awsCode: 'InvalidAddressException' });
});

describe('unclear answers', () => {
  it.each([
    ['a 500', '', 500],
    ['a 503 with HTML', '<html>', 503],
    ['an empty 200', '', 200],
    ['a 200 with garbage', 'garbage', 200],
    ['a 200 that lacks the job id', '<CreateJobResponse><CreateJobResult/></CreateJobResponse>', 200],
    ['a redirect', '', 307],
  ])('A create that is answered by %s has an unknown outcome', async (_title, body, status) => {
    const { client } = clientAnswering(body, { status });
    expect(await failureOf(client.createJob(newJob, uninterrupted))).toEqual({
      code: 'OUTCOME_UNKNOWN',
      message:
        'AWS Import/Export gave no clear answer, so the job may or may not exist: look for it in `jobs` first, and ' +
        'repeat the create only with an idempotency key.',
      isOutcomeUnclear: true,
    });
  });

  it.each([
    ['an exception', errorBody('MalformedManifestException'), 400, 'INVALID_MANIFEST'],
    ['an exception under 200', errorBody('MalformedManifestException'), 200, 'INVALID_MANIFEST'],
    ['throttling', errorBody('Throttling'), 503, 'UPSTREAM_THROTTLED'],
    ['a 4xx that cannot be read', '<html>', 403, 'UPSTREAM_BAD_RESPONSE'],
  ])('A create that is answered by %s is clearly refused', async (_title, body, status, code) => {
    const { client } = clientAnswering(body, { status });
    expect(await failureOf(client.createJob(newJob, uninterrupted))).toMatchObject({ code, isOutcomeUnclear: false });
  });

  it('A create that only checks the manifest never has an unclear outcome', async () => {
    const { client } = clientAnswering('', { status: 500 });
    expect(await failureOf(client.createJob({ ...newJob, validateOnly: true }, uninterrupted))).toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      isOutcomeUnclear: false,
    });
  });

  it('An update without a clear answer keeps its own code', async () => {
    expect(await updateFailing('', { status: 500 })).toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      isOutcomeUnclear: true,
    });
  });
});
