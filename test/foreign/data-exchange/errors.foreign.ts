import * as sdk from '@aws-sdk/client-dataexchange';
import { expect, test } from 'vitest';
import { demo } from '../../../src/emulator/demo.ts';
import { createdId, finished, startSession } from '../support/data-exchange.ts';
import { importFrom, jobRequest, jobTypes } from '../support/job-requests.ts';

const unknownId = 'f'.repeat(32);

/** The SDK's exception for the refusal of `call`. */
async function refusal(call: Promise<unknown>): Promise<sdk.DataExchangeServiceException> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof sdk.DataExchangeServiceException) return error;
  throw new Error('expected the service to refuse', { cause: error });
}

test('an invalid request is a ValidationException that names the member', async () => {
  const { client } = await startSession();
  const error = await refusal(client.createJob(importFrom('')));
  expect(error).toBeInstanceOf(sdk.ValidationException);
  expect(error.message).toContain('Details.ImportAssetsFromS3.AssetSources[0].Bucket');
  expect(error).toMatchObject({ $fault: 'client', $metadata: { httpStatusCode: 400, attempts: 1 } });
});

test.each([
  ['JOB', (client: sdk.DataExchange) => client.getJob({ JobId: unknownId })],
  ['JOB', (client: sdk.DataExchange) => client.startJob({ JobId: unknownId })],
  ['JOB', (client: sdk.DataExchange) => client.cancelJob({ JobId: unknownId })],
  ['DATA_SET', (client: sdk.DataExchange) => client.getDataSet({ DataSetId: unknownId })],
  ['REVISION', (client: sdk.DataExchange) => client.getRevision({ DataSetId: demo.dataSetId, RevisionId: unknownId })],
  [
    'ASSET',
    (client: sdk.DataExchange) =>
      client.getAsset({ DataSetId: demo.dataSetId, RevisionId: demo.revisionId, AssetId: unknownId }),
  ],
] as const)('an unknown %s is a ResourceNotFoundException (%#)', async (ResourceType, ask) => {
  const error = await refusal(ask((await startSession()).client));
  expect(error).toBeInstanceOf(sdk.ResourceNotFoundException);
  expect(error).toMatchObject({ ResourceType, ResourceId: unknownId, $metadata: { httpStatusCode: 404 } });
});

test('a started job can be neither started again nor cancelled', async () => {
  const { client } = await startSession();
  const JobId = await createdId(client, importFrom(demo.bucket));
  await client.startJob({ JobId });
  for (const call of [client.startJob({ JobId }), client.cancelJob({ JobId })]) {
    const error = await refusal(call);
    expect(error).toBeInstanceOf(sdk.ConflictException);
    expect(error).toMatchObject({ ResourceType: 'JOB', ResourceId: JobId, $metadata: { httpStatusCode: 409 } });
  }
});

test('an ended job can be neither started nor cancelled', async () => {
  const session = await startSession();
  const { Id: JobId } = await finished(session, importFrom(demo.bucket));
  for (const call of [session.client.startJob({ JobId }), session.client.cancelJob({ JobId })]) {
    expect(await refusal(call)).toBeInstanceOf(sdk.ConflictException);
  }
});

test('an import into a finalized revision is a ConflictException', async () => {
  const { client } = await startSession();
  const revision = { DataSetId: demo.dataSetId, RevisionId: demo.finalizedRevisionId };
  const AssetSources = [{ Bucket: demo.bucket, Key: 'new.csv' }];
  const error = await refusal(
    client.createJob({ Type: 'IMPORT_ASSETS_FROM_S3', Details: { ImportAssetsFromS3: { ...revision, AssetSources } } }),
  );
  expect(error).toBeInstanceOf(sdk.ConflictException);
  expect(error).toMatchObject({ ResourceType: 'REVISION', ResourceId: demo.finalizedRevisionId });
});

test('a change of an entitled data set is an AccessDeniedException', async () => {
  const { client } = await startSession();
  const error = await refusal(client.createRevision({ DataSetId: demo.entitledDataSetId }));
  expect(error).toBeInstanceOf(sdk.AccessDeniedException);
  expect(error.$metadata).toMatchObject({ httpStatusCode: 403, attempts: 1 });
});

/** The quotas of AWS's General Reference: five of these types, ten of the others. */
const fiveAtOnce: ReadonlySet<sdk.Type> = new Set([
  'CREATE_S3_DATA_ACCESS_FROM_S3_BUCKET',
  'EXPORT_REVISIONS_TO_S3',
  'IMPORT_ASSETS_FROM_LAKE_FORMATION_TAG_POLICY',
]);

test.each(jobTypes)('one %s too many in progress is a ServiceLimitExceededException', async (type) => {
  const { client } = await startSession();
  const LimitValue = fiveAtOnce.has(type) ? 5 : 10;
  for (let count = 0; count < LimitValue; count += 1) {
    await client.startJob({ JobId: await createdId(client, jobRequest(type)) });
  }
  const JobId = await createdId(client, jobRequest(type));
  const error = await refusal(client.startJob({ JobId }));
  expect(error).toBeInstanceOf(sdk.ServiceLimitExceededException);
  expect(error).toMatchObject({ LimitValue, $metadata: { httpStatusCode: 402, attempts: 1 } });
  expect(Object.values(sdk.LimitName)).toContain((error as sdk.ServiceLimitExceededException).LimitName);
  expect((await client.getJob({ JobId })).State).toBe('WAITING');
});

test.each([
  [429, sdk.ThrottlingException],
  [500, sdk.InternalServerException],
])('after three attempts with %i the SDK gives up', async (status, exception) => {
  const { client, fail, requests } = await startSession();
  await fail('DataExchange.ListJobs', { status }, 3);
  const error = await refusal(client.listJobs());
  expect(error).toBeInstanceOf(exception);
  expect(error.$metadata).toMatchObject({ httpStatusCode: status, attempts: 3 });
  expect(await requests()).toEqual({ 'DataExchange.ListJobs': 3 });
});

test('the SDK retries after throttling, a server error and a lost connection', async () => {
  const { client, fail } = await startSession();
  await fail('DataExchange.*', { status: 500 });
  await fail('DataExchange.*', { reset: true });
  expect((await client.listJobs()).$metadata.attempts).toBe(3);
  await fail('DataExchange.*', { status: 429, headers: { 'Retry-After': '1' } });
  expect((await client.listJobs()).$metadata.attempts).toBe(2);
});

test('a create whose response is lost is retried and creates a second job', async () => {
  const { client, fail } = await startSession();
  await fail('DataExchange.CreateJob', { reset: true, afterCommit: true });
  const Id = await createdId(client, importFrom(demo.bucket));
  expect((await client.listJobs()).Jobs).toMatchObject([{ Id }, { State: 'WAITING' }]);
});

test('a start whose response is lost is retried and gets a ConflictException', async () => {
  const { client, fail } = await startSession();
  const JobId = await createdId(client, importFrom(demo.bucket));
  await fail('DataExchange.StartJob', { reset: true, afterCommit: true });
  expect(await refusal(client.startJob({ JobId }))).toBeInstanceOf(sdk.ConflictException);
  expect((await client.getJob({ JobId })).State).toBe('IN_PROGRESS');
});

/** The emulator checks no bucket policy before the job runs, so this error is scripted. */
test('the cause of a ValidationException reaches the caller', async () => {
  const { client, fail } = await startSession();
  const body = JSON.stringify({ Message: 'No access', ExceptionCause: 'S3AccessDenied' });
  await fail('DataExchange.CreateJob', { status: 400, body });
  const error = await refusal(client.createJob(importFrom(demo.bucket)));
  expect(error).toBeInstanceOf(sdk.ValidationException);
  expect(error).toMatchObject({ message: 'No access', ExceptionCause: 'S3AccessDenied' });
});
