import { expect, test } from 'vitest';
import type { DataExchangeJobRequest } from '../../../../src/model/data-exchange-request.ts';
import { assetId, dataSetId, importRequest, jobId, revisionId } from './samples.ts';
import { type Answer, patiently, startService } from './service.ts';

const planted = 'arn:aws:iam::123456789012:role/secret-role <b>';

test.each([
  [400, 'ValidationException', 'INVALID_INPUT'],
  [402, 'ServiceLimitExceededException', 'QUOTA_EXCEEDED'],
  [403, 'AccessDeniedException', 'ACCESS_DENIED'],
  [400, 'AccessDeniedException', 'ACCESS_DENIED'],
  [404, 'ResourceNotFoundException', 'NOT_FOUND'],
  [409, 'ConflictException', 'CONFLICT'],
  [429, 'ThrottlingException', 'UPSTREAM_THROTTLED'],
  [400, 'ThrottlingException', 'UPSTREAM_THROTTLED'],
  [503, 'ThrottlingException', 'UPSTREAM_THROTTLED'],
  [500, 'InternalServerException', 'UPSTREAM_UNAVAILABLE'],
  [500, 'InternalFailure', 'UPSTREAM_UNAVAILABLE'],
  [503, 'ServiceUnavailable', 'UPSTREAM_UNAVAILABLE'],
  [403, 'UnrecognizedClientException', 'CREDENTIALS_UNAVAILABLE'],
  [403, 'InvalidClientTokenId', 'CREDENTIALS_UNAVAILABLE'],
  [403, 'ExpiredTokenException', 'CREDENTIALS_UNAVAILABLE'],
  [403, 'InvalidSignatureException', 'UPSTREAM_REJECTED'],
  [403, 'SignatureDoesNotMatch', 'UPSTREAM_REJECTED'],
  [400, 'IncompleteSignature', 'UPSTREAM_REJECTED'],
  [400, 'RequestExpired', 'CLOCK_SKEW'],
  [403, 'RequestTimeTooSkewed', 'CLOCK_SKEW'],
  [418, 'SomethingNewException', 'UPSTREAM_REJECTED'],
  [502, 'SomethingNewException', 'UPSTREAM_UNAVAILABLE'],
])('Status %i with %s is %s, and its text is dropped', async (status, name, code) => {
  const headers = { 'x-amzn-errortype': `${name}:http://internal.amazon.com/coral/` };
  const error = await errorOfGet({ status, headers, body: { Message: planted } });
  expect(error).toMatchObject({ name: 'BackendError', service: 'DATA_EXCHANGE', code, awsCode: name });
  expect(JSON.stringify([error, error.message, error.stack, error.cause])).not.toContain('secret-role');
});

test.each([
  [301, 'UPSTREAM_BAD_RESPONSE'],
  [307, 'UPSTREAM_BAD_RESPONSE'],
  [400, 'UPSTREAM_REJECTED'],
  [403, 'ACCESS_DENIED'],
  [404, 'NOT_FOUND'],
  [409, 'CONFLICT'],
  [429, 'UPSTREAM_THROTTLED'],
  [500, 'UPSTREAM_UNAVAILABLE'],
  [503, 'UPSTREAM_UNAVAILABLE'],
])('Status %i without the name of an error, as from a proxy, is %s', async (status, code) => {
  const error = await errorOfGet({ status, body: '<html>' });
  expect(error).toMatchObject({ code, awsCode: undefined });
});

test.each([
  ['code', { code: 'ConflictException' }],
  ['Code', { Code: 'ConflictException' }],
  ['__type', { __type: 'com.amazonaws.dataexchange#ConflictException' }],
])('The name of an error is also found in the body, at %s', async (_, body) => {
  expect(await errorOfGet({ status: 400, body })).toMatchObject({
    code: 'CONFLICT',
    awsCode: 'ConflictException',
  });
});

test.each(['<b>bold</b>', 'A'.repeat(101), '4xx', 'two words'])('An error named %j has no awsCode', async (code) => {
  expect(await errorOfGet({ status: 400, body: { code } })).toMatchObject({
    code: 'UPSTREAM_REJECTED',
    awsCode: undefined,
  });
});

test.each([
  ['seconds', { 'retry-after': '3' }, 3_000],
  [
    'a date, counted from the date of the answer',
    { 'retry-after': 'Mon, 01 Jan 2001 00:00:07 GMT', date: 'Mon, 01 Jan 2001 00:00:00 GMT' },
    7_000,
  ],
  ['nonsense', { 'retry-after': 'soon' }, undefined],
])('Retry-After is read from %s', async (_, headers, retryAfterMs) => {
  const error = await errorOfGet({ status: 429, headers });
  expect(error).toMatchObject({ code: 'UPSTREAM_THROTTLED', retryable: true, retryAfterMs });
});

const toS3: DataExchangeJobRequest = {
  exportAssetsToS3: {
    dataSetId,
    revisionId,
    destinations: [
      { assetId: 'b'.repeat(32), bucket: 'example' },
      { assetId, bucket: 'example' },
    ],
  },
};
const revisions: DataExchangeJobRequest = {
  exportRevisionsToS3: { dataSetId, destinations: [{ revisionId, bucket: 'example' }] },
};
const toUrl: DataExchangeJobRequest = { exportAssetToSignedUrl: { dataSetId, revisionId, assetId } };

test.each([
  ['DATA_SET', importRequest, ['importAssetsFromS3', 'dataSetId']],
  ['REVISION', importRequest, ['importAssetsFromS3', 'revisionId']],
  ['REVISION', revisions, ['exportRevisionsToS3', 'destinations', '0', 'revisionId']],
  ['ASSET', toUrl, ['exportAssetToSignedUrl', 'assetId']],
  ['ASSET', toS3, ['exportAssetsToS3', 'destinations', '1', 'assetId']],
  ['DATA_GRANT', importRequest, undefined],
])('The error for a missing %s has the field that names it', async (ResourceType, request, field) => {
  const body = { Message: planted, ResourceType, ResourceId: assetId };
  const headers = { 'x-amzn-errortype': 'ResourceNotFoundException' };
  const { client } = await startService(() => ({ status: 404, headers, body }));
  await expect(client.createJob(request, patiently())).rejects.toMatchObject({ code: 'NOT_FOUND', field });
});

test('The error for a refused bucket has a message of the gateway', async () => {
  const headers = { 'x-amzn-errortype': 'ValidationException' };
  const error = await errorOfGet({ status: 400, headers, body: { ExceptionCause: 'S3AccessDenied' } });
  expect(error.message).toBe('AWS Data Exchange may not read the S3 object or bucket.');
});

async function errorOfGet(answer: Answer): Promise<Error> {
  const { client } = await startService(() => answer);
  return client.getJob(jobId, patiently()).then(
    () => new Error('expected a refusal'),
    (error: Error) => error,
  );
}
