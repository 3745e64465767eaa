import { expect, test } from 'vitest';
import { demo } from '../../../src/emulator/demo.ts';
import { errorName, type Harness, startEmulator, stepMs } from './harness.ts';

async function seed({ control }: Harness, dataExchange: number): Promise<string[]> {
  return (await control('POST', 'seed', { dataExchange })).json.dataExchange;
}

type ListMember = 'Jobs' | 'DataSets' | 'Revisions' | 'Assets';

interface Paging {
  readonly query?: Record<string, string>;
  readonly afterEachPage?: () => Promise<unknown>;
}

/** Reads every page: the ids on each, and the tokens between them. */
async function pages(
  { exchange }: Harness,
  path: string,
  member: ListMember,
  { query = {}, afterEachPage }: Paging = {},
) {
  const ids: string[][] = [];
  const tokens: string[] = [];
  for (let token: string | undefined = ''; token !== undefined; ) {
    const search = new URLSearchParams({ ...query, ...(token && { nextToken: token }) });
    const { json } = await exchange('GET', `${path}?${search}`.replaceAll('+', '%20'));
    ids.push(json[member].map(({ Id }) => Id));
    token = json.NextToken;
    if (token !== undefined) tokens.push(token);
    await afterEachPage?.();
  }
  return { ids, tokens };
}

test('jobs are listed newest first, with all members of GetJob', async () => {
  const harness = startEmulator();
  const older = await seed(harness, 2);
  await harness.clock.advance(1000);
  const newer = await seed(harness, 2);
  await harness.control('POST', `jobs/${older[0]}`, { state: 'ERROR' });
  const { json } = await harness.exchange('GET', '/v1/jobs');
  expect(json.Jobs.map(({ Id }) => Id)).toEqual([...older, ...newer].reverse());
  expect(json.Jobs[3]).toEqual((await harness.exchange('GET', `/v1/jobs/${older[0]}`)).json);
  expect(json).not.toHaveProperty('NextToken');
});

test('a page has 25 jobs unless maxResults says otherwise', async () => {
  const harness = startEmulator();
  await seed(harness, 230);
  const { ids } = await pages(harness, '/v1/jobs', 'Jobs');
  expect(ids.map(({ length }) => length)).toEqual([25, 25, 25, 25, 25, 25, 25, 25, 25, 5]);
  const { ids: large } = await pages(harness, '/v1/jobs', 'Jobs', { query: { maxResults: '200' } });
  expect(large.map(({ length }) => length)).toEqual([200, 30]);
});

test('paging returns each job once while new ones are created, and no token twice', async () => {
  const harness = startEmulator();
  const seeded = await seed(harness, 55);
  const { ids, tokens } = await pages(harness, '/v1/jobs', 'Jobs', {
    query: { maxResults: '10' },
    afterEachPage: () => seed(harness, 3),
  });
  expect(ids.flat()).toEqual(seeded.reverse());
  expect(new Set(tokens).size).toBe(tokens.length);
});

test('a full last page has no token', async () => {
  const harness = startEmulator();
  await seed(harness, 20);
  expect((await pages(harness, '/v1/jobs', 'Jobs', { query: { maxResults: '10' } })).ids).toHaveLength(2);
});

test.each(['0', '201', '1.5', '-1', 'ten', ''])('maxResults=%s is refused', async (maxResults) => {
  const { exchange } = startEmulator();
  expect(errorName(await exchange('GET', `/v1/jobs?maxResults=${maxResults}`))).toBe('ValidationException');
});

test('a forged token, or one of another list, is refused', async () => {
  const harness = startEmulator();
  await seed(harness, 30);
  const { NextToken } = (await harness.exchange('GET', '/v1/jobs')).json;
  const token = encodeURIComponent(NextToken ?? '');
  expect((await harness.exchange('GET', `/v1/jobs?nextToken=${token}`)).status).toBe(200);
  for (const query of ['nextToken=abc', 'nextToken=', `nextToken=${token}&dataSetId=${demo.dataSetId}`]) {
    expect(errorName(await harness.exchange('GET', `/v1/jobs?${query}`))).toBe('ValidationException');
  }
});

test('a token of a removed job is refused', async () => {
  const harness = startEmulator();
  await seed(harness, 30);
  const { NextToken, Jobs } = (await harness.exchange('GET', '/v1/jobs')).json;
  await harness.control('DELETE', `jobs/${Jobs.at(-1)?.Id}`);
  expect((await harness.exchange('GET', `/v1/jobs?nextToken=${encodeURIComponent(NextToken ?? '')}`)).status).toBe(400);
});

test('both filters must match, also for revisions in a list of destinations', async () => {
  const harness = startEmulator();
  const RevisionDestinations = [{ Bucket: demo.exportBucket, RevisionId: demo.finalizedRevisionId }];
  const { json } = await harness.exchange('POST', '/v1/jobs', {
    Type: 'EXPORT_REVISIONS_TO_S3',
    Details: { ExportRevisionsToS3: { DataSetId: demo.dataSetId, RevisionDestinations } },
  });
  const others = await seed(harness, 30);
  const found = async (filters: Record<string, string>) =>
    (await pages(harness, '/v1/jobs', 'Jobs', { query: { maxResults: '7', ...filters } })).ids.flat();
  expect(await found({ revisionId: demo.finalizedRevisionId })).toEqual([json.Id]);
  expect(await found({ revisionId: demo.revisionId })).toEqual(others.reverse());
  expect(await found({ dataSetId: demo.dataSetId })).toHaveLength(31);
  expect(await found({ dataSetId: demo.entitledDataSetId, revisionId: demo.revisionId })).toEqual([]);
  expect(await found({ dataSetId: 'anything' })).toEqual([]);
});

test('data sets, revisions and assets are paged', async () => {
  const harness = startEmulator();
  const first = { query: { maxResults: '1' } };
  const { ids: dataSets } = await pages(harness, '/v1/data-sets', 'DataSets', first);
  expect(dataSets).toEqual([[demo.dataSetId], [demo.entitledDataSetId]]);
  const owned = await pages(harness, '/v1/data-sets', 'DataSets', { query: { origin: 'OWNED' } });
  expect(owned.ids).toEqual([[demo.dataSetId]]);
  const revisions = await pages(harness, `/v1/data-sets/${demo.dataSetId}/revisions`, 'Revisions', first);
  expect(revisions.ids).toEqual([[demo.revisionId], [demo.finalizedRevisionId]]);
  const path = `/v1/data-sets/${demo.dataSetId}/revisions/${demo.revisionId}/assets`;
  expect((await pages(harness, path, 'Assets', first)).ids).toEqual([[demo.otherAssetId], [demo.assetId]]);
});

test('a list shows transitions of jobs that nobody has read', async () => {
  const harness = startEmulator();
  const [id] = await seed(harness, 1);
  await harness.exchange('PATCH', `/v1/jobs/${id}`);
  await harness.clock.advance(stepMs);
  expect((await harness.exchange('GET', '/v1/jobs')).json.Jobs[0]?.State).toBe('COMPLETED');
});
