/** Tags of data sets and revisions, and accounts that refuse them. */
import { expect, test } from 'vitest';
import { demo } from '../../../src/emulator/demo.ts';
import { errorName, startEmulator } from './harness.ts';

const dataSetPath = `/v1/data-sets/${demo.dataSetId}`;

test('tags of a data set and a revision are read by Get, and are added and removed by their ARN', async () => {
  const { exchange } = startEmulator();
  const given = { AssetType: 'S3_SNAPSHOT', Description: 'One', Name: 'Tagged', Tags: { 'cost/centre': '42' } };
  const { json: dataSet } = await exchange('POST', '/v1/data-sets', given);
  const { json: revision } = await exchange('POST', `/v1/data-sets/${dataSet.Id}/revisions`, { Tags: { a: '' } });
  for (const [{ Arn }, path, Tags] of [
    [dataSet, `/v1/data-sets/${dataSet.Id}`, { 'cost/centre': '42' }],
    [revision, `/v1/data-sets/${dataSet.Id}/revisions/${revision.Id}`, { a: '' }],
  ] as const) {
    const tagPath = `/tags/${encodeURIComponent(Arn)}`;
    expect((await exchange('GET', path)).json.Tags).toEqual(Tags);
    expect((await exchange('GET', tagPath)).json).toEqual({ tags: Tags });
    expect((await exchange('POST', tagPath, { tags: { b: 'c', d: 'e' } })).status).toBe(204);
    expect((await exchange('GET', path)).json.Tags).toEqual({ ...Tags, b: 'c', d: 'e' });
    expect((await exchange('DELETE', `${tagPath}?tagKeys=b&tagKeys=d`)).status).toBe(204);
    expect((await exchange('GET', path)).json.Tags).toEqual(Tags);
  }
});

const fifty = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`key ${index}`, 'v'.repeat(256)]));

test.each([
  ['fifty-one', { ...fifty, one: 'more' }],
  ['an empty key', { '': 'a' }],
  ['a long key', { ['k'.repeat(129)]: 'a' }],
  ['a long value', { a: 'v'.repeat(257) }],
  ["AWS's own prefix", { 'AWS:cloudformation': 'a' }],
  ['a sign that no tag may have', { 'a;b': 'c' }],
  ['a value that is no text', { a: 1 }],
])('tags with %s are refused', async (_, Tags) => {
  const { exchange } = startEmulator();
  const arn = (await exchange('GET', dataSetPath)).json.Arn;
  for (const [path, body] of [
    ['/v1/data-sets', { AssetType: 'S3_SNAPSHOT', Description: 'One', Name: 'First', Tags }],
    [`${dataSetPath}/revisions`, { Tags }],
    [`/tags/${encodeURIComponent(arn)}`, { tags: Tags }],
  ] as const)
    expect(errorName(await exchange('POST', path, body))).toBe('ValidationException');
});

test('fifty tags of full length are accepted, and no more in several calls', async () => {
  const { exchange } = startEmulator();
  const { status, json } = await exchange('POST', `${dataSetPath}/revisions`, { Tags: fifty });
  expect([status, json.Tags]).toEqual([201, fifty]);
  const path = `/tags/${encodeURIComponent(json.Arn)}`;
  expect((await exchange('POST', path, { tags: { 'key 1': 'changed' } })).status).toBe(204);
  expect(errorName(await exchange('POST', path, { tags: { one: 'more' } }))).toBe('ValidationException');
});

test.each([
  [`arn:aws:dataexchange:us-east-1::data-sets/${demo.entitledDataSetId}`, 'AccessDeniedException'],
  [`arn:aws:dataexchange:us-east-1:123456789012:data-sets/${'f'.repeat(32)}`, 'ResourceNotFoundException'],
  [`arn:aws:dataexchange:eu-west-1:123456789012:data-sets/${demo.dataSetId}`, 'ValidationException'],
  [`arn:aws:dataexchange:us-east-1:123456789012:jobs/${demo.waitingJobId}`, 'ValidationException'],
])('the tags of %s cannot be changed', async (arn, name) => {
  const { exchange } = startEmulator();
  expect(errorName(await exchange('POST', `/tags/${encodeURIComponent(arn)}`, { tags: { a: 'b' } }))).toBe(name);
});

test('an account whose policy refuses tags refuses only what gives some', async () => {
  const { exchange, control } = startEmulator();
  const fault = { status: 403, onlyTagged: true };
  await control('POST', 'faults', { operation: 'DataExchange.*', times: 2, fault });
  const dataSet = { AssetType: 'S3_SNAPSHOT', Description: 'One', Name: 'First' };
  const tagged = { ...dataSet, Tags: { a: 'b' } };
  const path = '/v1/data-sets';
  expect(errorName(await exchange('POST', path, tagged))).toBe('AccessDeniedException');
  for (const body of [dataSet, { ...dataSet, Tags: {} }]) expect((await exchange('POST', path, body)).status).toBe(201);
  expect((await exchange('GET', path)).status).toBe(200);
  const { Arn } = (await exchange('GET', dataSetPath)).json;
  const refused = await exchange('POST', `/tags/${encodeURIComponent(Arn)}`, { tags: { a: 'b' } });
  expect(errorName(refused)).toBe('AccessDeniedException');
});
