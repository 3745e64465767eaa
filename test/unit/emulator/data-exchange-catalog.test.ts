import { expect, test } from 'vitest';
import { demo } from '../../../src/emulator/demo.ts';
import { errorName, startEmulator, stepMs } from './harness.ts';

const dataSetPath = `/v1/data-sets/${demo.dataSetId}`;
const draftPath = `${dataSetPath}/revisions/${demo.revisionId}`;

test('the demo data sets exist from the start, with revisions and assets', async () => {
  const { exchange } = startEmulator();
  const { json: owned } = await exchange('GET', dataSetPath);
  expect(owned).toMatchObject({
    Id: demo.dataSetId,
    Origin: 'OWNED',
    AssetType: 'S3_SNAPSHOT',
    Tags: { purpose: 'demo' },
  });
  expect(owned.Arn).toBe(`arn:aws:dataexchange:us-east-1:123456789012:data-sets/${demo.dataSetId}`);
  const { json: entitled } = await exchange('GET', `/v1/data-sets/${demo.entitledDataSetId}`);
  expect(entitled).toMatchObject({ Origin: 'ENTITLED', OriginDetails: { ProductId: expect.any(String) } });
  expect(entitled.Arn).toBe(`arn:aws:dataexchange:us-east-1::data-sets/${demo.entitledDataSetId}`);
  const { json: revision } = await exchange('GET', `${dataSetPath}/revisions/${demo.finalizedRevisionId}`);
  expect(revision).toMatchObject({ DataSetId: demo.dataSetId, Finalized: true });
  const { json: asset } = await exchange('GET', `${dataSetPath}/revisions/${demo.revisionId}/assets/${demo.assetId}`);
  expect(asset).toMatchObject({ Name: 'prices/2024/01.csv', RevisionId: demo.revisionId, DataSetId: demo.dataSetId });
});

test('neither list entries nor responses to updates have tags', async () => {
  const { exchange } = startEmulator();
  const { json } = await exchange('GET', '/v1/data-sets');
  expect(json.DataSets[0]).not.toHaveProperty('Tags');
  for (const path of [dataSetPath, `${dataSetPath}/revisions/${demo.revisionId}`]) {
    expect((await exchange('PATCH', path, {})).json).not.toHaveProperty('Tags');
  }
});

test('a data set can be created, read and changed', async () => {
  const { exchange, clock } = startEmulator();
  const given = { AssetType: 'S3_SNAPSHOT', Description: 'One', Name: 'First', Tags: { a: 'b' } };
  const { status, json: made } = await exchange('POST', '/v1/data-sets', given);
  expect([status, made]).toEqual([201, expect.objectContaining({ ...given, Origin: 'OWNED' })]);
  await clock.advance(1000);
  const { json: changed } = await exchange('PATCH', `/v1/data-sets/${made.Id}`, { Name: 'Second' });
  expect(changed).toMatchObject({ Name: 'Second', UpdatedAt: new Date(clock.now()).toISOString() });
  expect((await exchange('GET', `/v1/data-sets/${made.Id}`)).json).toEqual({ ...made, ...changed });
});

test('a revision can be finalized only with assets', async () => {
  const { exchange } = startEmulator();
  const { status, json: made } = await exchange('POST', `${dataSetPath}/revisions`, { Comment: 'New' });
  expect([status, made]).toEqual([201, expect.objectContaining({ Comment: 'New', Finalized: false, Tags: {} })]);
  const path = `${dataSetPath}/revisions/${made.Id}`;
  expect(errorName(await exchange('PATCH', path, { Finalized: true }))).toBe('ValidationException');
  expect((await exchange('GET', path)).json.Finalized).toBe(false);
  const draft = `${dataSetPath}/revisions/${demo.revisionId}`;
  expect((await exchange('PATCH', draft, { Finalized: true, Comment: 'Done' })).json).toMatchObject({
    Finalized: true,
    Comment: 'Done',
  });
});

test.each([
  ['POST', '/v1/data-sets', { Name: 'No type', Description: '' }],
  ['POST', '/v1/data-sets', { Name: 'Bad type', Description: '', AssetType: 'PAPER' }],
  ['POST', '/v1/data-sets', { Name: '', Description: 'No name', AssetType: 'S3_SNAPSHOT' }],
  ['POST', '/v1/data-sets', { Name: 'No description', AssetType: 'S3_SNAPSHOT' }],
  ['POST', '/v1/data-sets', { Name: 'Long', Description: 'x'.repeat(16_349), AssetType: 'S3_SNAPSHOT' }],
  ['POST', `${dataSetPath}/revisions`, { Comment: 'x'.repeat(16_385) }],
  ['GET', '/v1/data-sets/short', undefined],
])('%s %s is refused where a member is bad', async (method, path, body) => {
  const { exchange } = startEmulator();
  expect(errorName(await exchange(method, path, body))).toBe('ValidationException');
});

test('an entitled data set cannot be changed', async () => {
  const { exchange } = startEmulator();
  const path = `/v1/data-sets/${demo.entitledDataSetId}`;
  for (const reply of [await exchange('PATCH', path, { Name: 'x' }), await exchange('POST', `${path}/revisions`, {})]) {
    expect([reply.status, errorName(reply)]).toEqual([403, 'AccessDeniedException']);
  }
});

test('the error for an unknown data set, revision or asset names it', async () => {
  const { exchange } = startEmulator();
  const unknown = 'f'.repeat(32);
  const cases = [
    [`/v1/data-sets/${unknown}`, 'DATA_SET'],
    [`${dataSetPath}/revisions/${unknown}`, 'REVISION'],
    [`${dataSetPath}/revisions/${demo.revisionId}/assets/${unknown}`, 'ASSET'],
  ] as const;
  for (const [path, ResourceType] of cases) {
    const { status, json } = await exchange('GET', path);
    expect([status, json]).toEqual([404, expect.objectContaining({ ResourceId: unknown, ResourceType })]);
  }
});

test('a finalized revision stays so: finalizing it again changes nothing, and reopening it is a conflict', async () => {
  const { exchange } = startEmulator();
  const path = `${dataSetPath}/revisions/${demo.finalizedRevisionId}`;
  const again = await exchange('PATCH', path, { Finalized: true });
  expect([again.status, again.json.Finalized]).toEqual([200, true]);
  const { status, json } = await exchange('PATCH', path, { Finalized: false });
  expect([status, json]).toEqual([
    409,
    expect.objectContaining({ ResourceId: demo.finalizedRevisionId, ResourceType: 'REVISION' }),
  ]);
  expect((await exchange('GET', path)).json.Finalized).toBe(true);
});

test('a revision can be finalized while an import into it is under way, which then fails', async () => {
  const { exchange, clock } = startEmulator();
  const source = { DataSetId: demo.dataSetId, RevisionId: demo.revisionId };
  const { json } = await exchange('POST', '/v1/jobs', {
    Type: 'IMPORT_ASSETS_FROM_S3',
    Details: { ImportAssetsFromS3: { ...source, AssetSources: [{ Bucket: demo.bucket, Key: 'late.csv' }] } },
  });
  await exchange('PATCH', `/v1/jobs/${json.Id}`);
  expect((await exchange('PATCH', draftPath, { Finalized: true })).status).toBe(200);
  await clock.advance(stepMs);
  expect((await exchange('GET', `/v1/jobs/${json.Id}`)).json).toMatchObject({
    State: 'ERROR',
    Errors: [{ Code: 'VALIDATION_EXCEPTION', ResourceId: demo.revisionId }],
  });
});

test('an account may own 3,000 data sets, and a data set may have 10,000 revisions', async () => {
  const { exchange, control } = startEmulator();
  await control('POST', 'seed', { dataSets: 2_998, revisions: 9_997 });
  const dataSet = { AssetType: 'S3_SNAPSHOT', Description: 'One', Name: 'Last' };
  const cases = [
    ['/v1/data-sets', dataSet, 'Data sets per account', 3_000],
    [`${dataSetPath}/revisions`, {}, 'Revisions per data set', 10_000],
  ] as const;
  for (const [path, body, LimitName, LimitValue] of cases) {
    expect((await exchange('POST', path, body)).status).toBe(201);
    const refused = await exchange('POST', path, body);
    expect([refused.status, errorName(refused)]).toEqual([402, 'ServiceLimitExceededException']);
    expect(refused.json).toMatchObject({ LimitName, LimitValue });
  }
});

test('an import that would bring a revision to more than 10,000 assets fails', async () => {
  const { exchange, control, clock } = startEmulator();
  const { Id: RevisionId } = (await exchange('POST', `${dataSetPath}/revisions`, {})).json;
  const imported = async (batch: number, count: number) => {
    const AssetSources = Array.from({ length: count }, (_, at) => ({ Bucket: demo.bucket, Key: `${batch}/${at}.csv` }));
    const Details = { ImportAssetsFromS3: { DataSetId: demo.dataSetId, RevisionId, AssetSources } };
    const { Id } = (await exchange('POST', '/v1/jobs', { Type: 'IMPORT_ASSETS_FROM_S3', Details })).json;
    await exchange('PATCH', `/v1/jobs/${Id}`);
    return Id;
  };
  for (let batch = 0; batch < 99; batch += 1)
    await control('POST', `jobs/${await imported(batch, 100)}`, { state: 'COMPLETED' });
  const last = [await imported(99, 100), await imported(100, 1)];
  await clock.advance(stepMs);
  const jobs = await Promise.all(last.map(async (id) => (await exchange('GET', `/v1/jobs/${id}`)).json));
  expect(jobs).toMatchObject([
    { State: 'COMPLETED' },
    {
      State: 'ERROR',
      Errors: [
        {
          ...{ Code: 'SERVICE_QUOTA_EXCEEDED_EXCEPTION', LimitName: 'Assets per revision', LimitValue: 10_000 },
          ...{ ResourceId: RevisionId, ResourceType: 'REVISION' },
        },
      ],
    },
  ]);
});
