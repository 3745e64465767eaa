import { expect, test } from 'vitest';
import { demo } from '../../../src/emulator/demo.ts';
import { dataExchangeDetails, globalId, manifests, md5OfHello } from '../../support/examples.ts';
import { field, startGateway } from '../../support/gateway.ts';

const createDataExchangeJob = `mutation ($input: CreateDataExchangeJobInput!) {
  createDataExchangeJob(input: $input) { job { id awsJobId type state } userErrors { code field awsCode } }
}`;

const createImportExportJob = `mutation ($input: CreateImportExportJobInput!) {
  createImportExportJob(input: $input) { job { id awsJobId state direction } warning userErrors { code message field awsCode } }
}`;

interface Payload {
  readonly job: { id: string; awsJobId: string; state: string } | null;
  readonly userErrors: readonly { code: string; field: string[] | null }[];
}

test.each(Object.entries(dataExchangeDetails))('%s is created with one call, and waits', async (type, details) => {
  const { ask, emulator } = await startGateway();
  await emulator.forgetRequests();
  const { data, errors } = await ask(createDataExchangeJob, { input: { details } });
  expect(errors).toBeUndefined();
  expect(data).toMatchObject({ createDataExchangeJob: { job: { type, state: 'WAITING' }, userErrors: [] } });
  expect(await emulator.requests()).toEqual({ 'DataExchange.CreateJob': 1 });
});

test('The details of a new job repeat its input', async () => {
  const { ask } = await startGateway();
  const details = dataExchangeDetails.EXPORT_ASSETS_TO_S3;
  const { data } = await ask(
    `mutation ($input: CreateDataExchangeJobInput!) { createDataExchangeJob(input: $input) { job { details {
      dataSetId ... on ExportAssetsToS3Details { revisionId destinations { assetId bucket key } encryption { type kmsKeyArn } }
    } } } }`,
    { input: { details } },
  );
  const { dataSetId, revisionId, destinations } = details.exportAssetsToS3;
  const encryption = { type: 'AES256', kmsKeyArn: null };
  expect(data).toEqual({
    createDataExchangeJob: { job: { details: { dataSetId, revisionId, destinations, encryption } } },
  });
});

test('A job can be created and started at once', async () => {
  const { ask } = await startGateway();
  const input = { start: true, details: dataExchangeDetails.IMPORT_ASSETS_FROM_S3 };
  const { data, errors } = await ask(createDataExchangeJob, { input });
  expect(errors).toBeUndefined();
  expect(data).toMatchObject({ createDataExchangeJob: { job: { state: 'IN_PROGRESS' }, userErrors: [] } });
});

test('A job whose start is refused is in the payload', async () => {
  const { ask, emulator } = await startGateway();
  await emulator.fail('DataExchange.StartJob', { status: 402, awsCode: 'ServiceLimitExceededException' });
  const input = { start: true, details: dataExchangeDetails.IMPORT_ASSETS_FROM_S3 };
  const { data, errors } = await ask(createDataExchangeJob, { input });
  expect(errors).toBeUndefined();
  expect(data).toMatchObject({
    createDataExchangeJob: {
      job: { state: 'WAITING' },
      userErrors: [{ code: 'QUOTA_EXCEEDED', awsCode: 'ServiceLimitExceededException' }],
    },
  });
});

test('A job whose start fails is in the payload, beside the error', async () => {
  const { ask, emulator } = await startGateway();
  await emulator.fail('DataExchange.StartJob', { status: 429 });
  const input = { start: true, details: dataExchangeDetails.IMPORT_ASSETS_FROM_S3 };
  const { data, errors } = await ask(createDataExchangeJob, { input });
  expect(data).toMatchObject({ createDataExchangeJob: { job: { state: 'WAITING' }, userErrors: [] } });
  expect(errors).toMatchObject([{ path: ['createDataExchangeJob'], extensions: { code: 'UPSTREAM_THROTTLED' } }]);
});

test('An input that breaks a constraint is refused by its path, and nothing is sent', async () => {
  const { ask, emulator } = await startGateway();
  await emulator.forgetRequests();
  const source = { bucket: demo.bucket, key: '' };
  const details = {
    importAssetsFromS3: { dataSetId: demo.dataSetId, revisionId: demo.revisionId, sources: [source] },
  };
  const { data } = await ask(createDataExchangeJob, { input: { details } });
  expect(data).toEqual({
    createDataExchangeJob: {
      job: null,
      userErrors: [
        {
          code: 'REQUIRED',
          field: ['input', 'details', 'importAssetsFromS3', 'sources', '0', 'key'],
          awsCode: null,
        },
      ],
    },
  });
  expect(await emulator.requests()).toEqual({});
});

test('A missing resource is reported at the field that names it', async () => {
  const { ask } = await startGateway();
  const details = {
    exportAssetToSignedUrl: { dataSetId: demo.dataSetId, revisionId: demo.revisionId, assetId: 'f'.repeat(32) },
  };
  const { data } = await ask(createDataExchangeJob, { input: { details } });
  expect(data).toMatchObject({
    createDataExchangeJob: {
      job: null,
      userErrors: [{ code: 'NOT_FOUND', field: ['input', 'details', 'exportAssetToSignedUrl', 'assetId'] }],
    },
  });
});

test.each([{}, { ...dataExchangeDetails.IMPORT_ASSETS_FROM_S3, ...dataExchangeDetails.EXPORT_ASSETS_TO_S3 }])(
  'Details of no type or of two types are refused before any call',
  async (details) => {
    const { ask, emulator } = await startGateway();
    await emulator.forgetRequests();
    const { data, errors } = await ask(createDataExchangeJob, { input: { details } });
    expect(data).toBeUndefined();
    expect(errors).toHaveLength(1);
    expect(await emulator.requests()).toEqual({});
  },
);

test('A file can be uploaded to the signed URL of an import, which then starts and completes', async () => {
  const { ask, emulator } = await startGateway();
  const { data } = await ask(
    `mutation ($input: CreateDataExchangeJobInput!) { createDataExchangeJob(input: $input) { job { id awsJobId details {
      ... on ImportAssetFromSignedUrlDetails { upload { url expiresAt } }
    } } } }`,
    { input: { details: dataExchangeDetails.IMPORT_ASSET_FROM_SIGNED_URL } },
  );
  const { job } = field<{
    job: { id: string; awsJobId: string; details: { upload: { url: string } } };
  }>(data, 'createDataExchangeJob');
  const upload = await fetch(job.details.upload.url, {
    method: 'PUT',
    body: 'hello',
    headers: { 'content-md5': md5OfHello },
  });
  expect(upload.status).toBe(200);
  const started = await ask(
    'mutation ($id: ID!) { startDataExchangeJob(id: $id) { job { state } userErrors { code } } }',
    job,
  );
  expect(started).toEqual({ data: { startDataExchangeJob: { job: { state: 'IN_PROGRESS' }, userErrors: [] } } });
  await emulator.move(job.awsJobId, { state: 'COMPLETED' });
  const { data: after } = await ask('query ($id: ID!) { job(id: $id) { state isFinished availableActions } }', job);
  expect(after).toEqual({ job: { state: 'COMPLETED', isFinished: true, availableActions: [] } });
});

test.each(Object.entries(manifests))('A manifest of kind %s is accepted', async (kind, manifest) => {
  const { ask, emulator } = await startGateway();
  await emulator.forgetRequests();
  const { data, errors } = await ask(createImportExportJob, { input: { manifest } });
  expect(errors).toBeUndefined();
  const direction = kind === 'exportFromS3' ? 'EXPORT' : 'IMPORT';
  expect(data).toMatchObject({ createImportExportJob: { job: { state: 'WAITING', direction }, userErrors: [] } });
  expect(await emulator.requests()).toEqual({ 'ImportExport.CreateJob': 1 });
});

test('A caller’s own manifest text is sent unchanged', async () => {
  const { ask } = await startGateway();
  const text = [
    'manifestVersion:2.0',
    'deviceId:HD001',
    `bucket:${demo.bucket}`,
    'eraseDevice:yes',
    'returnAddress:',
    '    name:Jane Roe',
    '    street1:123 Any Street',
    '    city:Anytown',
    '    stateOrProvince:WA',
    '    postalCode:91011-1111',
    '    phoneNumber:206-555-1111',
    '    country:USA',
    '',
  ].join('\n');
  const { data } = await ask(createImportExportJob, { input: { manifest: { text: { direction: 'IMPORT', text } } } });
  const { job } = field<Payload>(data, 'createImportExportJob');
  const { data: read } = await ask('query ($id: ID!) { job(id: $id) { ... on ImportExportJob { manifest } } }', {
    id: job?.id,
  });
  expect(read).toEqual({ job: { manifest: text } });
});

test('A manifest can be checked without creating anything', async () => {
  const { ask, emulator } = await startGateway();
  const before = await emulator.seed({});
  expect(before).toEqual({ dataExchange: [], importExport: [] });
  const count = async () => {
    const { data } = await ask('{ jobs(first: 200, filter: { service: IMPORT_EXPORT }) { nodes { id } } }');
    return field<{ nodes: unknown[] }>(data, 'jobs').nodes.length;
  };
  const jobs = await count();
  const input = { validateOnly: true, manifest: manifests.importToS3 };
  const { data } = await ask(createImportExportJob, { input });
  expect(data).toMatchObject({ createImportExportJob: { job: null, userErrors: [] } });
  expect(await count()).toBe(jobs);
});

test('A fault that the service finds in a manifest is a user error', async () => {
  const { ask } = await startGateway();
  const manifest = { importToS3: { ...manifests.importToS3.importToS3, bucket: demo.missingBucket } };
  const { data } = await ask(createImportExportJob, { input: { manifest } });
  expect(data).toMatchObject({
    createImportExportJob: { job: null, userErrors: [{ code: 'NOT_FOUND', awsCode: 'NoSuchBucketException' }] },
  });
});

test('Secrets of a manifest are blanked when it is read', async () => {
  const { ask } = await startGateway();
  const { data } = await ask(createImportExportJob, { input: { manifest: manifests.exportFromS3 } });
  const { job } = field<Payload>(data, 'createImportExportJob');
  const { data: read } = await ask('query ($id: ID!) { job(id: $id) { ... on ImportExportJob { manifest } } }', {
    id: job?.id,
  });
  expect(JSON.stringify(read)).toContain('pinCode');
  expect(JSON.stringify(read)).not.toContain('4711');
});

test('The signature file is returned for the device', async () => {
  const { ask, emulator } = await startGateway();
  const { importExport } = await emulator.seed({ importExport: 1 });
  const id = globalId('ImportExportJob', importExport[0] ?? '');
  const { data } = await ask(
    'query ($id: ID!) { job(id: $id) { ... on ImportExportJob { signature { value fileContents } } } }',
    {
      id,
    },
  );
  const { signature } = field<{ signature: { value: string; fileContents: string } }>(data, 'job');
  expect(signature.fileContents).toContain(`jobId:${importExport[0]}\nsignature:${signature.value}`);
});

test('A manifest can be replaced, even by one of the other direction', async () => {
  const { ask, emulator } = await startGateway();
  const { importExport } = await emulator.seed({ importExport: 1 });
  const id = globalId('ImportExportJob', importExport[0] ?? '');
  const { data } = await ask(
    `mutation ($id: ID!, $input: UpdateImportExportJobInput!) {
      updateImportExportJob(id: $id, input: $input) { job { id direction state } userErrors { code } }
    }`,
    { id, input: { manifest: manifests.exportFromS3 } },
  );
  expect(data).toEqual({
    updateImportExportJob: { job: { id, direction: 'EXPORT', state: 'WAITING' }, userErrors: [] },
  });
});

test('The same mutation cancels jobs of both services, and a second cancel succeeds', async () => {
  const { ask, emulator } = await startGateway();
  const { dataExchange, importExport } = await emulator.seed({ dataExchange: 1, importExport: 1 });
  const ids = [globalId('DataExchangeJob', dataExchange[0] ?? ''), globalId('ImportExportJob', importExport[0] ?? '')];
  for (const id of [...ids, ...ids]) {
    const answer = await ask('mutation ($id: ID!) { cancelJob(id: $id) { job { id state } userErrors { code } } }', {
      id,
    });
    expect(answer).toEqual({ data: { cancelJob: { job: { id, state: 'CANCELLED' }, userErrors: [] } } });
  }
});

test('A job that is no longer waiting cannot be cancelled', async () => {
  const { ask, emulator } = await startGateway();
  const { dataExchange, importExport } = await emulator.seed({ dataExchange: 1, importExport: 1 });
  await emulator.move(dataExchange[0] ?? '', { state: 'COMPLETED' });
  await emulator.move(importExport[0] ?? '', { progressCode: 'InProgress', locationCode: 'AtAWS' });
  const ids = [globalId('DataExchangeJob', dataExchange[0] ?? ''), globalId('ImportExportJob', importExport[0] ?? '')];
  for (const id of ids) {
    const { data } = await ask('mutation ($id: ID!) { cancelJob(id: $id) { job { id } userErrors { code field } } }', {
      id,
    });
    expect(data).toEqual({ cancelJob: { job: null, userErrors: [{ code: 'CONFLICT', field: ['id'] }] } });
  }
});

test('A second start of a started job succeeds, and one of a cancelled job is refused', async () => {
  const { ask, emulator } = await startGateway();
  const { dataExchange } = await emulator.seed({ dataExchange: 1 });
  const id = globalId('DataExchangeJob', dataExchange[0] ?? '');
  const start = 'mutation ($id: ID!) { startDataExchangeJob(id: $id) { job { state } userErrors { code } } }';
  for (const _ of [1, 2]) {
    expect(await ask(start, { id })).toEqual({
      data: { startDataExchangeJob: { job: { state: 'IN_PROGRESS' }, userErrors: [] } },
    });
  }
  await emulator.move(dataExchange[0] ?? '', { state: 'CANCELLED' });
  expect(await ask(start, { id })).toEqual({
    data: { startDataExchangeJob: { job: null, userErrors: [{ code: 'CONFLICT' }] } },
  });
});

test('An id of the other service is refused, with the name of the service', async () => {
  const { ask } = await startGateway();
  const id = globalId('ImportExportJob', 'ABCDE');
  const { data } = await ask(
    'mutation ($id: ID!) { startDataExchangeJob(id: $id) { job { id } userErrors { code field } } }',
    { id },
  );
  expect(data).toEqual({ startDataExchangeJob: { job: null, userErrors: [{ code: 'INVALID_ID', field: ['id'] }] } });
});

test('A label is created for devices that go in one parcel', async () => {
  const { ask, emulator } = await startGateway();
  const { importExport } = await emulator.seed({ importExport: 2 });
  const { returnAddress: sender } = manifests.importToS3.importToS3;
  const jobIds = importExport.map((id) => globalId('ImportExportJob', id));
  const label =
    'query ($input: ShippingLabelInput!) { shippingLabel(input: $input) { label { url } userErrors { code field } } }';
  const { data } = await ask(label, { input: { jobIds, sender } });
  expect(data).toMatchObject({ shippingLabel: { label: { url: expect.stringMatching(/\.pdf$/) }, userErrors: [] } });
  const { data: refused } = await ask(label, { input: { jobIds, sender: { ...sender, city: '' } } });
  expect(refused).toEqual({
    shippingLabel: { label: null, userErrors: [{ code: 'REQUIRED', field: ['input', 'sender', 'city'] }] },
  });
});

test.each([
  [{ status: 429 }, 'UPSTREAM_THROTTLED'],
  [{ reset: true, afterCommit: true }, 'OUTCOME_UNKNOWN'],
  [{ status: 500 }, 'OUTCOME_UNKNOWN'],
  [{ status: 200, body: '<html>' }, 'OUTCOME_UNKNOWN'],
])('A create that fails by %j is sent once and answered with a code', async (fault, code) => {
  const { ask, emulator } = await startGateway();
  for (const operation of ['DataExchange.CreateJob', 'ImportExport.CreateJob']) await emulator.fail(operation, fault);
  await emulator.forgetRequests();
  const dataExchange = await ask(createDataExchangeJob, {
    input: { details: dataExchangeDetails.IMPORT_ASSETS_FROM_S3 },
  });
  const importExport = await ask(createImportExportJob, { input: { manifest: manifests.importToS3 } });
  for (const { errors } of [dataExchange, importExport]) expect(errors).toMatchObject([{ extensions: { code } }]);
  expect(await emulator.requests()).toEqual({ 'DataExchange.CreateJob': 1, 'ImportExport.CreateJob': 1 });
});

test('The same idempotency key gives the same job, and with another input a mismatch', async () => {
  const { ask, emulator } = await startGateway();
  await emulator.forgetRequests();
  const idempotencyKey = 'order-4711-attempt-1';
  const input = { idempotencyKey, details: dataExchangeDetails.IMPORT_ASSETS_FROM_S3 };
  const answers = await Promise.all([1, 2, 3].map(() => ask(createDataExchangeJob, { input })));
  const ids = answers.map(({ data }) => field<Payload>(data, 'createDataExchangeJob').job?.id);
  expect(new Set(ids).size).toBe(1);
  expect(await emulator.requests()).toEqual({ 'DataExchange.CreateJob': 1 });
  const other = { idempotencyKey, details: dataExchangeDetails.EXPORT_ASSETS_TO_S3 };
  const { data } = await ask(createDataExchangeJob, { input: other });
  expect(data).toMatchObject({
    createDataExchangeJob: {
      job: null,
      userErrors: [{ code: 'IDEMPOTENCY_MISMATCH', field: ['input', 'idempotencyKey'] }],
    },
  });
});
