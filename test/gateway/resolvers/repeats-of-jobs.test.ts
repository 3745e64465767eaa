/** A Data Exchange job is repeated: a new job with the details of an old one. */
import { expect, test } from 'vitest';
import { demo } from '../../../src/emulator/demo.ts';
import { dataExchangeDetails, globalId, md5OfHello } from '../../support/examples.ts';
import { type Answer, field, startGateway, type TestGateway } from '../../support/gateway.ts';
import { answerWithoutCalls, jobAnswer } from '../../support/replies.ts';

/** Every kind of details, without the signed URLs, of which each job has its own. */
const details = `details { __typename dataSetId
  ... on CreateS3DataAccessFromS3BucketDetails { revisionId source { bucket keyPrefixes keys kmsKeyArns } }
  ... on ExportAssetToSignedUrlDetails { revisionId assetId }
  ... on ExportAssetsToS3Details { revisionId destinations { assetId bucket key } encryption { type kmsKeyArn } }
  ... on ExportRevisionsToS3Details {
    revisions: destinations { revisionId bucket keyPattern } encryption { type kmsKeyArn } eventActionArn }
  ... on ImportAssetFromApiGatewayApiDetails { revisionId api { apiId name description stage protocol } specificationMd5Hash }
  ... on ImportAssetFromSignedUrlDetails { revisionId assetName md5Hash }
  ... on ImportAssetsFromLakeFormationTagPolicyDetails { revisionId catalogId roleArn
    database { permissions expression { key values } } table { permissions expression { key values } } }
  ... on ImportAssetsFromRedshiftDataSharesDetails { revisionId dataShareArns }
  ... on ImportAssetsFromS3Details { revisionId sources { bucket key } } }`;

const create = `mutation ($input: CreateDataExchangeJobInput!) {
  createDataExchangeJob(input: $input) { job { id awsJobId ${details} } userErrors { message } } }`;

const repeat = `mutation ($id: ID!, $start: Boolean! = false, $idempotencyKey: String) {
  repeatDataExchangeJob(id: $id, start: $start, idempotencyKey: $idempotencyKey) {
    job { id awsJobId state ${details} } userErrors { code field message awsCode parameters { name value } } } }`;

interface Job {
  readonly id: string;
  readonly awsJobId: string;
  readonly details: object;
}

interface Payload {
  readonly job: Job | null;
  readonly userErrors: readonly object[];
}

async function created({ ask }: TestGateway, given: object): Promise<Job> {
  const { job, userErrors } = field<Payload>(
    (await ask(create, { input: { details: given } })).data,
    'createDataExchangeJob',
  );
  if (job === null) throw new Error(`expected a job, received ${JSON.stringify(userErrors)}`);
  return job;
}

function payloadOf({ data, errors }: Answer): Payload {
  expect(errors).toBeUndefined();
  return field<Payload>(data, 'repeatDataExchangeJob');
}

const examples = {
  ...dataExchangeDetails,
  'EXPORT_ASSETS_TO_S3 with a KMS key and without a name': {
    exportAssetsToS3: {
      ...dataExchangeDetails.EXPORT_ASSETS_TO_S3.exportAssetsToS3,
      destinations: [{ assetId: demo.assetId, bucket: demo.exportBucket }],
      encryption: { type: 'AWS_KMS', kmsKeyArn: 'arn:aws:kms:us-east-1:123456789012:key/1' },
    },
  },
  'CREATE_S3_DATA_ACCESS_FROM_S3_BUCKET of a whole bucket': {
    createS3DataAccessFromS3Bucket: { dataSetId: demo.dataSetId, revisionId: demo.revisionId, bucket: demo.bucket },
  },
};

test.each(Object.entries(examples))(
  'A repeat of %s reads the old job once and creates a waiting one with the same details',
  async (_type, given) => {
    const gateway = await startGateway();
    const old = await created(gateway, given);
    await gateway.emulator.forgetRequests();
    const { job, userErrors } = payloadOf(await gateway.ask(repeat, { id: old.id }));
    expect(userErrors).toEqual([]);
    expect(job).toEqual({ ...old, id: job?.id, awsJobId: job?.awsJobId, state: 'WAITING' });
    expect(job?.id).not.toBe(old.id);
    expect(await gateway.emulator.requests()).toEqual({ 'DataExchange.CreateJob': 1, 'DataExchange.GetJob': 1 });
  },
);

test.each(['COMPLETED', 'ERROR', 'CANCELLED', 'TIMED_OUT', 'IN_PROGRESS'])(
  'A job in the state %s can be repeated and started at once, and stays as it is',
  async (state) => {
    const gateway = await startGateway();
    const old = await created(gateway, dataExchangeDetails.IMPORT_ASSETS_FROM_S3);
    await gateway.emulator.move(old.awsJobId, { state });
    const { job, userErrors } = payloadOf(await gateway.ask(repeat, { id: old.id, start: true }));
    expect([job, userErrors]).toEqual([expect.objectContaining({ state: 'IN_PROGRESS', details: old.details }), []]);
    const { data } = await gateway.ask('query ($id: ID!) { job(id: $id) { ... on DataExchangeJob { stateCode } } }', {
      id: old.id,
    });
    expect(data).toEqual({ job: { stateCode: state } });
  },
);

/** A repeat of a job of which the service shows only this. */
async function refusalOf(type: string, shown: object | undefined): Promise<Payload['userErrors']> {
  const gateway = await startGateway();
  const awsJobId = 'f'.repeat(32);
  const body = jobAnswer(awsJobId, { Type: type, State: 'ERROR', Details: shown });
  await gateway.emulator.fail('DataExchange.GetJob', { status: 200, body: JSON.stringify(body) });
  await gateway.emulator.forgetRequests();
  const { job, userErrors } = payloadOf(await gateway.ask(repeat, { id: globalId('DataExchangeJob', awsJobId) }));
  expect(job).toBeNull();
  expect(await gateway.emulator.requests()).toEqual({ 'DataExchange.GetJob': 1 });
  return userErrors;
}

const revision = { DataSetId: demo.dataSetId, RevisionId: demo.revisionId };
const api = {
  ...revision,
  ApiId: 'a1b2c3',
  ApiName: 'Prices',
  ApiSpecificationMd5Hash: md5OfHello,
  ProtocolType: 'REST',
  Stage: 'prod',
};
const { ApiName: _name, ...namelessApi } = api;
const destination = { AssetId: demo.assetId, Bucket: demo.exportBucket };

test.each([
  [
    'an API key',
    'importAssetFromApiGatewayApi.apiKey',
    { ImportAssetFromApiGatewayApi: { ...api, ApiKey: 'planted' } },
  ],
  ['no name of the API', 'importAssetFromApiGatewayApi.apiName', { ImportAssetFromApiGatewayApi: namelessApi }],
  ['no MD5 hash', 'importAssetFromSignedUrl.md5Hash', { ImportAssetFromSignedUrl: { ...revision, AssetName: 'a' } }],
  ['no sources', 'importAssetsFromS3.sources', { ImportAssetsFromS3: revision }],
  [
    'a source that cannot be read',
    'importAssetsFromS3.sources.1',
    { ImportAssetsFromS3: { ...revision, AssetSources: [{ Bucket: demo.bucket, Key: 'a' }, { Bucket: demo.bucket }] } },
  ],
  [
    'an encryption that cannot be read',
    'Details.ExportAssetsToS3.Encryption',
    { ExportAssetsToS3: { ...revision, AssetDestinations: [destination], Encryption: { Type: 'ROT13' } } },
  ],
  ['no details', 'details', undefined],
] as const)(
  'A repeat of a job of which the service shows %s is refused by that field',
  async (_title, missing, shown) => {
    const member = Object.keys(shown ?? { ImportAssetsFromS3: {} })[0] ?? '';
    const userErrors = await refusalOf(typesByMember[member] ?? '', shown);
    expect(userErrors).toEqual([
      {
        code: 'NOT_REPEATABLE',
        field: ['id'],
        message: expect.stringMatching(/^The job cannot be repeated, because .{10,100}\.$/),
        awsCode: null,
        parameters: [{ name: 'missing', value: missing }],
      },
    ]);
    expect(JSON.stringify(userErrors)).not.toContain('planted');
  },
);

const typesByMember: Readonly<Record<string, string>> = {
  ExportAssetsToS3: 'EXPORT_ASSETS_TO_S3',
  ImportAssetFromApiGatewayApi: 'IMPORT_ASSET_FROM_API_GATEWAY_API',
  ImportAssetFromSignedUrl: 'IMPORT_ASSET_FROM_SIGNED_URL',
  ImportAssetsFromS3: 'IMPORT_ASSETS_FROM_S3',
};

test('A job of a type that the gateway does not know is not repeated', async () => {
  const userErrors = await refusalOf('IMPORT_ASSETS_FROM_FTP', { ImportAssetsFromFtp: revision });
  expect(userErrors).toMatchObject([
    {
      code: 'NOT_REPEATABLE',
      message: 'The job cannot be repeated, because it is of a type that this gateway does not know.',
    },
  ]);
});

test('An API that was imported with a key is not repeated, and the key is not shown', async () => {
  const gateway = await startGateway();
  const { importAssetFromApiGatewayApi } = dataExchangeDetails.IMPORT_ASSET_FROM_API_GATEWAY_API;
  const old = await created(gateway, {
    importAssetFromApiGatewayApi: { ...importAssetFromApiGatewayApi, apiKey: 'planted-7f3a9c' },
  });
  const answer = await gateway.ask(repeat, { id: old.id });
  expect(payloadOf(answer)).toMatchObject({ job: null, userErrors: [{ code: 'NOT_REPEATABLE', field: ['id'] }] });
  expect(JSON.stringify(answer)).not.toContain('planted');
});

test('What is wrong with the arguments is named at once, and nothing is sent', async () => {
  const id = globalId('ImportExportJob', 'ABCDE');
  const { data } = await answerWithoutCalls(repeat, { id, idempotencyKey: 'short' });
  expect(field<Payload>(data, 'repeatDataExchangeJob').userErrors).toMatchObject([
    { code: 'INVALID_ID', field: ['id'], parameters: [{ name: 'expected', value: 'DataExchangeJob' }] },
    { code: 'TOO_SHORT', field: ['idempotencyKey'] },
  ]);
});

test('A job that the service does not have, and what it refuses of an old one, are named by the id', async () => {
  const gateway = await startGateway();
  const missing = payloadOf(await gateway.ask(repeat, { id: globalId('DataExchangeJob', 'f'.repeat(32)) }));
  expect(missing).toMatchObject({ job: null, userErrors: [{ code: 'NOT_FOUND', field: ['id'] }] });
  const old = await created(gateway, dataExchangeDetails.IMPORT_ASSETS_FROM_S3);
  await gateway.emulator.fail('DataExchange.CreateJob', { status: 409, awsCode: 'ConflictException' });
  const refused = payloadOf(await gateway.ask(repeat, { id: old.id }));
  expect(refused).toMatchObject({
    job: null,
    userErrors: [{ code: 'CONFLICT', field: ['id'], awsCode: 'ConflictException' }],
  });
});

test('A new job whose start is refused is in the payload, with the refusal at `start`', async () => {
  const gateway = await startGateway();
  const old = await created(gateway, dataExchangeDetails.IMPORT_ASSETS_FROM_S3);
  await gateway.emulator.fail('DataExchange.StartJob', { status: 402, awsCode: 'ServiceLimitExceededException' });
  expect(payloadOf(await gateway.ask(repeat, { id: old.id, start: true }))).toMatchObject({
    job: { state: 'WAITING' },
    userErrors: [{ code: 'QUOTA_EXCEEDED', field: ['start'] }],
  });
});

const idempotencyKey = 'repeat-4711-attempt-1';

test('The same key repeats a job once, also after the old one is gone, and is refused for another one', async () => {
  const gateway = await startGateway();
  const { emulator } = gateway;
  const old = await created(gateway, dataExchangeDetails.EXPORT_ASSETS_TO_S3);
  const other = await created(gateway, dataExchangeDetails.EXPORT_ASSETS_TO_S3);
  await emulator.forgetRequests();
  const first = payloadOf(await gateway.ask(repeat, { id: old.id, idempotencyKey }));
  expect(await emulator.requests()).toEqual({ 'DataExchange.CreateJob': 1, 'DataExchange.GetJob': 1 });
  await fetch(`${emulator.url}/_emulator/jobs/${old.awsJobId}`, { method: 'DELETE' });
  const again = await gateway.ask(repeat, { id: old.id, idempotencyKey });
  expect([payloadOf(again), again.extensions]).toEqual([first, { replayed: true }]);
  expect(await emulator.requests()).toEqual({ 'DataExchange.CreateJob': 1, 'DataExchange.GetJob': 2 });
  const mismatch = { job: null, userErrors: [{ code: 'IDEMPOTENCY_MISMATCH', field: ['idempotencyKey'] }] };
  for (const variables of [{ id: other.id }, { id: old.id, start: true }])
    expect(payloadOf(await gateway.ask(repeat, { ...variables, idempotencyKey }))).toMatchObject(mismatch);
  const input = { details: dataExchangeDetails.EXPORT_ASSETS_TO_S3, idempotencyKey };
  expect(field((await gateway.ask(create, { input })).data, 'createDataExchangeJob')).toMatchObject({ job: null });
  expect((await emulator.requests())['DataExchange.CreateJob']).toBe(1);
});

test('A repeat whose answer is lost finds its new job by the key', async () => {
  const gateway = await startGateway();
  const old = await created(gateway, dataExchangeDetails.IMPORT_ASSETS_FROM_S3);
  await gateway.emulator.fail('DataExchange.CreateJob', { reset: true, afterCommit: true });
  await gateway.emulator.forgetRequests();
  const { job } = payloadOf(await gateway.ask(repeat, { id: old.id, idempotencyKey }));
  expect(job?.awsJobId).not.toBe(old.awsJobId);
  expect(job?.details).toEqual(old.details);
  expect((await gateway.emulator.requests())['DataExchange.CreateJob']).toBe(1);
});

test('A repeat whose answer is lost is never bound to the job that it repeats, even if others have just made that', async () => {
  const gateway = await startGateway();
  const { dataExchange } = await gateway.emulator.seed({ dataExchange: 1 });
  const id = globalId('DataExchangeJob', dataExchange[0] ?? '');
  await gateway.emulator.fail('DataExchange.CreateJob', { reset: true });
  const { data, errors } = await gateway.ask(repeat, { id, idempotencyKey });
  expect(data).toBeNull();
  expect(errors).toMatchObject([{ extensions: { code: 'OUTCOME_UNKNOWN', retryable: true } }]);
});
