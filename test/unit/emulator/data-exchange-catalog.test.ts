import { expect, test } from 'vitest';
import { demo } from '../../../src/emulator/demo.ts';
import { errorName, startEmulator } from './harness.ts';

const dataSetPath = `/v1/data-sets/${demo.dataSetId}`;

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
