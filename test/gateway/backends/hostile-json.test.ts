/** Bad answers of Data Exchange through the running gateway: each makes only its own field null, and no text of it is shown. */
import { expect, test } from 'vitest';
import { demo } from '../../../src/emulator/demo.ts';
import { dataExchangeDetails, globalId } from '../../support/examples.ts';
import { field, scraped, startGateway } from '../../support/gateway.ts';
import {
  expectNothingLeaked,
  expectOnePlaceEmpty,
  expectOtherHalfIntact,
  jobAnswer,
  planted,
} from '../../support/replies.ts';

const otherId = 'b'.repeat(32);

function pageOf(...jobs: readonly unknown[]): string {
  return JSON.stringify({ Jobs: jobs });
}

const badBodies: [title: string, fault: Record<string, unknown>][] = [
  ['garbage', { body: planted }],
  ['an HTML page', { body: `<html>${planted}</html>` }],
  ['an empty body', { body: '' }],
  ['null', { body: 'null' }],
  ['[]', { body: '[]' }],
  ['{}', { body: '{}' }],
  ['__proto__ among the members', { body: `{"__proto__":{"isAdmin":true},"Jobs":[]}` }],
  ['200 levels', { body: `{"Jobs":[],"New":${'['.repeat(200)}${']'.repeat(200)}}` }],
  ['a million errors', { body: pageOf(jobAnswer(otherId, { Errors: Array(300_000).fill(0) })) }],
  ['2 MiB and one byte', { body: pageOf().padEnd(2 * 1_048_576 + 1) }],
];

test.each(badBodies)('%s makes only the jobs of Data Exchange unavailable', async (_title, fault) => {
  const gateway = await startGateway();
  await gateway.emulator.seed({ dataExchange: 1, importExport: 4 });
  await gateway.emulator.fail('DataExchange.ListJobs', { status: 200, ...fault }, 10);
  await expectOtherHalfIntact(gateway, 'DATA_EXCHANGE', 'UPSTREAM_BAD_RESPONSE');
  expect({}).not.toHaveProperty('isAdmin');
});

test('An HTML page with 503 is retryable', async () => {
  const gateway = await startGateway();
  await gateway.emulator.seed({ importExport: 4 });
  await gateway.emulator.fail('DataExchange.ListJobs', { status: 503, body: `<html>${planted}</html>` }, 10);
  await expectOtherHalfIntact(gateway, 'DATA_EXCHANGE', 'UPSTREAM_UNAVAILABLE');
});

test.each([
  ['nothing', ''],
  ['HTML', `<html>${planted}</html>`],
  ['a job of somebody else', JSON.stringify(jobAnswer(otherId, { Arn: planted }))],
])('%s makes one job by id null', async (_title, body) => {
  const gateway = await startGateway();
  const { importExport, dataExchange } = await gateway.emulator.seed({ dataExchange: 1, importExport: 1 });
  await gateway.emulator.fail('DataExchange.GetJob', { status: 200, body }, 10);
  const ids = [globalId('DataExchangeJob', dataExchange[0] ?? ''), globalId('ImportExportJob', importExport[0] ?? '')];
  await expectOnePlaceEmpty(gateway, ids, 'UPSTREAM_BAD_RESPONSE');
});

test('an unknown state and an unknown type are UNKNOWN, with the word of the service, and both jobs are listed', async () => {
  const gateway = await startGateway({ WAYBILL_METRICS_PORT: '0' });
  const body = pageOf(
    jobAnswer('a'.repeat(32), { State: 'PAUSED' }),
    jobAnswer(otherId, { Type: 'IMPORT_FROM_MOON', Details: { ImportFromMoon: { a: planted } } }),
  );
  await gateway.emulator.fail('DataExchange.ListJobs', { status: 200, body }, 10);
  const { data, errors } = await gateway.ask(
    '{ jobs(filter: { service: DATA_EXCHANGE }) { nodes { state isFinished availableActions ... on DataExchangeJob { stateCode type typeCode details { dataSetId } } } } }',
  );
  expect(errors).toBeUndefined();
  expect(data).toMatchObject({
    jobs: {
      nodes: [
        { state: 'UNKNOWN', stateCode: 'PAUSED', isFinished: false, availableActions: [] },
        { state: 'WAITING', type: 'UNKNOWN', typeCode: 'IMPORT_FROM_MOON', details: null },
      ],
    },
  });
  const metrics = await scraped(gateway.metricsUrl);
  for (const member of ['state', 'type'])
    expect(metrics).toContain(`waybill_upstream_unknown_values_total{service="DATA_EXCHANGE",member="${member}"} 1\n`);
  expect(metrics).not.toMatch(/PAUSED|IMPORT_FROM_MOON/);
});

test('Why a job failed is shown in the words of the service, without what looks like a secret', async () => {
  const gateway = await startGateway();
  const Message = `Cannot read https://example.s3.amazonaws.com/a.csv?X-Amz-Signature=${planted} <script>.`;
  const error = { Code: 'ACCESS_DENIED_EXCEPTION', Message, ResourceType: 'ASSET', ResourceId: demo.assetId };
  const body = pageOf(jobAnswer(otherId, { State: 'ERROR', Errors: [error] }));
  await gateway.emulator.fail('DataExchange.ListJobs', { status: 200, body }, 10);
  const answer = await gateway.ask(
    '{ jobs(filter: { service: DATA_EXCHANGE }) { nodes { statusMessage ... on DataExchangeJob { errors { code message hint resource { resourceId } } } } } }',
  );
  const message = 'Cannot read https://example.s3.amazonaws.com/a.csv?[secret] <script>.';
  const hint = 'AWS Data Exchange was denied access to something that the job needs.';
  expect(answer.data).toEqual({
    jobs: {
      nodes: [
        {
          statusMessage: message,
          errors: [{ code: 'ACCESS_DENIED_EXCEPTION', message, hint, resource: { resourceId: demo.assetId } }],
        },
      ],
    },
  });
  expectNothingLeaked(gateway, answer);
});

test('The name of a refusal is shown, and the text of the service is not', async () => {
  const gateway = await startGateway();
  const body = JSON.stringify({ Message: planted });
  const fault = { status: 400, awsCode: 'SomethingNewException', body };
  await gateway.emulator.fail('DataExchange.CreateJob', fault, 10);
  const answer = await gateway.ask(create, { input: { details: dataExchangeDetails.IMPORT_ASSETS_FROM_S3 } });
  expect(answer.errors).toMatchObject([
    { extensions: { code: 'UPSTREAM_REJECTED', awsCode: 'SomethingNewException' } },
  ]);
  expectNothingLeaked(gateway, answer);
});

const create =
  'mutation ($input: CreateDataExchangeJobInput!) { createDataExchangeJob(input: $input) { job { id } userErrors { code } } }';

const inAnHour = new Date(Date.now() + 3_600_000).toISOString();
const aMinuteAgo = new Date(Date.now() - 60_000).toISOString();
const awsUrl = `https://example.s3.amazonaws.com/a?X-Amz-Signature=${planted}`;

async function downloadOf(url: string, expiresAt: string) {
  const gateway = await startGateway();
  const given = { AssetId: demo.assetId, SignedUrl: url, SignedUrlExpiresAt: expiresAt };
  const details = { DataSetId: demo.dataSetId, RevisionId: demo.revisionId, ...given };
  const changes = {
    State: 'COMPLETED',
    Type: 'EXPORT_ASSET_TO_SIGNED_URL',
    Details: { ExportAssetToSignedUrl: details },
  };
  const body = JSON.stringify(jobAnswer(otherId, changes));
  await gateway.emulator.fail('DataExchange.GetJob', { status: 200, body }, 10);
  const answer = await gateway.ask(
    'query ($id: ID!) { job(id: $id) { ... on DataExchangeJob { details { ... on ExportAssetToSignedUrlDetails { download { url } } } } } }',
    { id: globalId('DataExchangeJob', otherId) },
  );
  expect(answer.errors).toBeUndefined();
  return { gateway, answer, download: field<{ details: { download: unknown } }>(answer.data, 'job').details.download };
}

test('a signed URL of AWS that has not expired is shown', async () => {
  expect((await downloadOf(awsUrl, inAnHour)).download).toEqual({ url: awsUrl });
});

test.each([
  ['http:', awsUrl.replace('https', 'http'), inAnHour],
  ['another host', awsUrl.replace('amazonaws.com', 'amazonaws.com.example'), inAnHour],
  ['a user before the host', awsUrl.replace('//', '//user@'), inAnHour],
  ['backslashes for slashes', awsUrl.replace('//', '\\\\'), inAnHour],
  ['a line feed', awsUrl.replace('?', '\n?'), inAnHour],
  ['javascript:', `javascript:alert('${planted}')`, inAnHour],
  ['a megabyte', `${awsUrl}${'x'.repeat(1_000_000)}`, inAnHour],
  ['an expiry in the past', awsUrl, aMinuteAgo],
])('%s makes a signed URL null', async (_title, url, expiresAt) => {
  const { gateway, answer, download } = await downloadOf(url, expiresAt);
  expect(download).toBeNull();
  expectNothingLeaked(gateway, answer);
});

test('a create answered 201 without a body has an unknown outcome and is not sent again', async () => {
  const gateway = await startGateway();
  await gateway.emulator.fail('DataExchange.CreateJob', { status: 201, body: '', afterCommit: true }, 10);
  await gateway.emulator.forgetRequests();
  const answer = await gateway.ask(create, { input: { details: dataExchangeDetails.IMPORT_ASSETS_FROM_S3 } });
  expect(answer.data).toBeNull();
  expect(answer.errors).toMatchObject([{ extensions: { code: 'OUTCOME_UNKNOWN', retryable: false } }]);
  expect(await gateway.emulator.requests()).toEqual({ 'DataExchange.CreateJob': 1 });
});

test('An unexpected body harms neither the start nor the next call', async () => {
  const { ask, emulator } = await startGateway();
  const { dataExchange } = await emulator.seed({ dataExchange: 1 });
  await emulator.fail('DataExchange.StartJob', { body: planted, status: 202, afterCommit: true });
  const { data, errors } = await ask(
    'mutation ($id: ID!) { startDataExchangeJob(id: $id) { job { state } userErrors { code } } }',
    { id: globalId('DataExchangeJob', dataExchange[0] ?? '') },
  );
  expect(errors).toBeUndefined();
  expect(data).toEqual({ startDataExchangeJob: { job: { state: 'IN_PROGRESS' }, userErrors: [] } });
});

test('a page token that repeats itself is followed a bounded number of times', async () => {
  const gateway = await startGateway();
  const body = JSON.stringify({ Jobs: [jobAnswer(otherId)], NextToken: 'again' });
  await gateway.emulator.fail('DataExchange.ListJobs', { status: 200, body }, 1_000);
  await gateway.emulator.forgetRequests();
  const { errors } = await gateway.ask('{ jobs(first: 50, filter: { service: DATA_EXCHANGE }) { nodes { id } } }');
  expect(errors).toBeUndefined();
  const { 'DataExchange.ListJobs': calls = 0 } = await gateway.emulator.requests();
  expect(calls).toBeLessThanOrEqual(3);
});
