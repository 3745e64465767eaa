/** The connections of data sets, revisions and assets. */
import { describe, expect, test } from 'vitest';
import { demo } from '../../../src/emulator/demo.ts';
import { globalId } from '../../support/examples.ts';
import { field, startGateway, type TestGateway } from '../../support/gateway.ts';
import { removeDataSet, seedCatalog } from '../../support/seeded-catalog.ts';
import { askOver, transports } from '../../support/transports.ts';
import { exchangeRequest, replyFrom } from '../../unit/emulator/harness.ts';

interface Page {
  readonly edges: readonly { readonly cursor: string; readonly node: { readonly awsDataSetId: string } | null }[];
  readonly pageInfo: { readonly endCursor: string | null; readonly hasNextPage: boolean };
}

const list = `query ($first: Int, $after: String, $origin: DataSetOrigin) {
  dataSets(first: $first, after: $after, origin: $origin) {
    edges { cursor node { awsDataSetId } } pageInfo { endCursor hasNextPage } } }`;

type Variables = Readonly<Record<string, unknown>>;

async function pageOf({ ask }: TestGateway, variables: Variables): Promise<Page> {
  const { data, errors } = await ask(list, variables);
  expect(errors).toBeUndefined();
  return field<Page>(data, 'dataSets');
}

function idsOn({ edges }: Page): (string | undefined)[] {
  return edges.map(({ node }) => node?.awsDataSetId);
}

/** The ids of all pages; `onPage` may change the list between them. */
async function allPages(
  gateway: TestGateway,
  variables: Variables,
  onPage: () => Promise<unknown> = async () => undefined,
): Promise<(string | undefined)[]> {
  const ids: (string | undefined)[] = [];
  let after: string | null = null;
  for (let pages = 0; pages < 100; pages += 1) {
    const page = await pageOf(gateway, { ...variables, after });
    ids.push(...idsOn(page));
    if (!page.pageInfo.hasNextPage) return ids;
    after = page.pageInfo.endCursor;
    await onPage();
  }
  throw new Error('expected the pages to end');
}

/** All data sets of the emulator in the order of the list. */
function expectedIds(owned: readonly string[] = [], entitled: readonly string[] = []): string[] {
  return [...owned.toReversed(), demo.dataSetId, ...entitled.toReversed(), demo.entitledDataSetId];
}

describe('The data sets', () => {
  test('of both origins are listed, the owned ones first, with what the service says of them', async () => {
    const { ask, emulator } = await startGateway();
    await emulator.forgetRequests();
    const { data, errors } = await ask(
      '{ dataSets { nodes { id awsDataSetId arn name description assetType assetTypeCode origin originCode } pageInfo { hasNextPage hasPreviousPage } } }',
    );
    expect(errors).toBeUndefined();
    expect(data).toMatchInlineSnapshot(`
      {
        "dataSets": {
          "nodes": [
            {
              "arn": "arn:aws:dataexchange:us-east-1:123456789012:data-sets/da7a0000000000000000000000000001",
              "assetType": "S3_SNAPSHOT",
              "assetTypeCode": "S3_SNAPSHOT",
              "awsDataSetId": "da7a0000000000000000000000000001",
              "description": "Daily prices of imaginary goods. Imports go into its draft revision.",
              "id": "RGF0YVNldDpkYTdhMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMQ",
              "name": "Waybill demo: prices",
              "origin": "OWNED",
              "originCode": "OWNED",
            },
            {
              "arn": "arn:aws:dataexchange:us-east-1::data-sets/da7a0000000000000000000000000002",
              "assetType": "S3_SNAPSHOT",
              "assetTypeCode": "S3_SNAPSHOT",
              "awsDataSetId": "da7a0000000000000000000000000002",
              "description": "Shared by an imaginary provider: it can be exported from, not imported into.",
              "id": "RGF0YVNldDpkYTdhMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMg",
              "name": "Waybill demo: weather",
              "origin": "ENTITLED",
              "originCode": "ENTITLED",
            },
          ],
          "pageInfo": {
            "hasNextPage": false,
            "hasPreviousPage": false,
          },
        },
      }
    `);
    expect(await emulator.requests()).toEqual({ 'DataExchange.ListDataSets': 2 });
  });

  test.each([1, 2, 3, 7, 50])('are each on one page, with pages of %i', async (first) => {
    const gateway = await startGateway();
    const { dataSets, entitledDataSets } = await seedCatalog(gateway.emulator, { dataSets: 6, entitledDataSets: 6 });
    expect(await allPages(gateway, { first })).toEqual(expectedIds(dataSets, entitledDataSets));
  });

  test('of one origin are listed by one call a page', async () => {
    const gateway = await startGateway();
    const { entitledDataSets } = await seedCatalog(gateway.emulator, { dataSets: 30, entitledDataSets: 30 });
    await gateway.emulator.forgetRequests();
    const page = await pageOf(gateway, { first: 30, origin: 'ENTITLED' });
    expect(idsOn(page)).toEqual(entitledDataSets.toReversed());
    expect(page.pageInfo.hasNextPage).toBe(true);
    expect(await gateway.emulator.requests()).toEqual({ 'DataExchange.ListDataSets': 1 });
  });

  test.each([1, 3, 10])(
    'that appear while pages of %i are read are on no later page, and move no other',
    async (first) => {
      const gateway = await startGateway();
      const { dataSets, entitledDataSets } = await seedCatalog(gateway.emulator, { dataSets: 8, entitledDataSets: 8 });
      const ids = await allPages(gateway, { first }, () => seedCatalog(gateway.emulator, { dataSets: 1 }));
      expect(ids).toEqual(expectedIds(dataSets, entitledDataSets));
    },
  );

  test('that are deleted while pages are read take no other with them', async () => {
    const gateway = await startGateway();
    const { entitledDataSets } = await seedCatalog(gateway.emulator, { entitledDataSets: 8 });
    // The cursor behind them is of a place within a page of the service.
    const page = await pageOf(gateway, { first: 4, origin: 'ENTITLED' });
    for (const id of idsOn(page).slice(1, 3)) await removeDataSet(gateway.emulator, id ?? '');
    const after = page.edges[2]?.cursor;
    const rest = await pageOf(gateway, { first: 50, after, origin: 'ENTITLED' });
    expect(idsOn(rest)).toEqual([...entitledDataSets.toReversed().slice(3), demo.entitledDataSetId]);
  });

  test('go on behind every edge of a page', async () => {
    const gateway = await startGateway();
    const { dataSets, entitledDataSets } = await seedCatalog(gateway.emulator, { dataSets: 3, entitledDataSets: 3 });
    const expected = expectedIds(dataSets, entitledDataSets);
    const { edges } = await pageOf(gateway, { first: 50 });
    for (const [index, { cursor }] of edges.entries())
      expect(idsOn(await pageOf(gateway, { first: 50, after: cursor }))).toEqual(expected.slice(index + 1));
  });

  test.each(transports)('are answered over %s', async (transport) => {
    const { url } = await startGateway();
    const { data } = await askOver(transport, { url }, { query: '{ dataSets { nodes { name } } }' });
    expect(data).toEqual({
      dataSets: { nodes: [{ name: 'Waybill demo: prices' }, { name: 'Waybill demo: weather' }] },
    });
  });

  test('that could not be listed are null, with an error, beside other data', async () => {
    const { ask, emulator } = await startGateway();
    await emulator.fail('DataExchange.ListDataSets', { status: 403, awsCode: 'AccessDeniedException' }, 10);
    const { data, errors } = await ask('{ dataSets { nodes { name } } jobs(first: 1) { nodes { service } } }');
    expect(data).toMatchObject({ dataSets: null, jobs: { nodes: [{}] } });
    expect(errors).toMatchObject([
      { path: ['dataSets'], extensions: { code: 'ACCESS_DENIED', awsCode: 'AccessDeniedException' } },
    ]);
  });
});

const refusedArguments: readonly (readonly [string, Variables, string])[] = [
  ['a size of 0', { first: 0 }, 'first'],
  ['a size of 201', { first: 201 }, 'first'],
  ['a cursor that is none', { after: 'nonsense' }, 'after'],
  ['an unknown origin', { origin: 'UNKNOWN' }, 'origin'],
];

test.each(refusedArguments)('%s is refused without a call', async (_title, variables, argument) => {
  const { ask, emulator } = await startGateway();
  await emulator.forgetRequests();
  const { errors } = await ask(list, variables);
  expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', argument } }]);
  expect(await emulator.requests()).toEqual({});
});

test('A null size means the default, and an empty cursor the beginning', async () => {
  const gateway = await startGateway();
  expect(idsOn(await pageOf(gateway, { first: null, after: '', origin: null }))).toEqual(expectedIds());
});

test('A cursor is valid for its own list only', async () => {
  const gateway = await startGateway();
  await seedCatalog(gateway.emulator, { dataSets: 5 });
  const both = await pageOf(gateway, { first: 2 });
  const owned = await pageOf(gateway, { first: 2, origin: 'OWNED' });
  const { data } = await gateway.ask(
    `{ node(id: "${globalId('DataSet', demo.dataSetId)}") { ... on DataSet { revisions(first: 1) { pageInfo { endCursor } } } } jobs(first: 1) { pageInfo { endCursor } } }`,
  );
  const revisions = field<{ revisions: Page }>(data, 'node').revisions.pageInfo.endCursor;
  const jobs = field<Page>(data, 'jobs').pageInfo.endCursor;
  await gateway.emulator.forgetRequests();
  for (const [after, origin] of [
    [both.pageInfo.endCursor, 'OWNED'],
    [owned.pageInfo.endCursor, null],
    [owned.pageInfo.endCursor, 'ENTITLED'],
    [revisions, null],
    [jobs, null],
    [`${owned.pageInfo.endCursor?.slice(0, -1)}`, 'OWNED'],
  ]) {
    const { errors } = await gateway.ask(list, { after, origin });
    expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', argument: 'after' } }]);
  }
  expect(await gateway.emulator.requests()).toEqual({});
});

test('A cursor whose token the service no longer accepts is refused, with what to do', async () => {
  const gateway = await startGateway();
  await seedCatalog(gateway.emulator, { dataSets: 30 });
  const { pageInfo } = await pageOf(gateway, { first: 21, origin: 'OWNED' });
  await gateway.emulator.fail('DataExchange.ListDataSets', { status: 400, awsCode: 'ValidationException' });
  const { errors } = await gateway.ask(list, { after: pageInfo.endCursor, origin: 'OWNED' });
  expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', argument: 'after' } }]);
  expect(errors?.[0]?.message).toContain('not valid any more');
});

const catalog = `query ($id: ID!, $first: Int, $after: String) { node(id: $id) { ... on DataSet {
  revisions(first: $first, after: $after) { nodes { awsRevisionId comment isFinalized isRevoked dataSet { name } }
    pageInfo { endCursor hasNextPage } } } } }`;

interface Revisions {
  readonly revisions: {
    readonly nodes: readonly { readonly awsRevisionId: string }[];
    readonly pageInfo: { readonly endCursor: string; readonly hasNextPage: boolean };
  };
}

test('The revisions of a data set are paged, newest first, and name their data set without a further read', async () => {
  const { ask, emulator } = await startGateway();
  await emulator.forgetRequests();
  const id = globalId('DataSet', demo.dataSetId);
  const { data, errors } = await ask(catalog, { id });
  expect(errors).toBeUndefined();
  const endCursor: unknown = expect.any(String);
  expect(data).toMatchInlineSnapshot(
    { node: { revisions: { pageInfo: { endCursor } } } },
    `
    {
      "node": {
        "revisions": {
          "nodes": [
            {
              "awsRevisionId": "de710000000000000000000000000001",
              "comment": "Prices of 2024, still growing",
              "dataSet": {
                "name": "Waybill demo: prices",
              },
              "isFinalized": false,
              "isRevoked": false,
            },
            {
              "awsRevisionId": "de710000000000000000000000000002",
              "comment": "Prices of 2023",
              "dataSet": {
                "name": "Waybill demo: prices",
              },
              "isFinalized": true,
              "isRevoked": false,
            },
          ],
          "pageInfo": {
            "endCursor": Any<String>,
            "hasNextPage": false,
          },
        },
      },
    }
  `,
  );
  expect(await emulator.requests()).toEqual({ 'DataExchange.GetDataSet': 1, 'DataExchange.ListDataSetRevisions': 1 });
});

test('Revisions and assets that appear while their pages are read are on no later page', async () => {
  const { ask, emulator } = await startGateway();
  const id = globalId('DataSet', demo.dataSetId);
  const path = `/v1/data-sets/${demo.dataSetId}/revisions`;
  const createRevision = async () => {
    const request = exchangeRequest('POST', path, Date.now(), { Comment: 'new' }, emulator.url);
    return (await replyFrom(await fetch(request))).json.Id;
  };
  const made: string[] = [];
  for (let count = 0; count < 5; count += 1) made.unshift(await createRevision());
  const seen: string[] = [];
  let after: string | null = null;
  for (let pages = 0; pages < 20; pages += 1) {
    const { data } = await ask(catalog, { id, first: 2, after });
    const { revisions } = field<Revisions>(data, 'node');
    seen.push(...revisions.nodes.map(({ awsRevisionId }) => awsRevisionId));
    if (!revisions.pageInfo.hasNextPage) break;
    after = revisions.pageInfo.endCursor;
    await createRevision();
  }
  expect(seen).toEqual([...made, demo.revisionId, demo.finalizedRevisionId]);
});

test('The assets of a revision are paged by name, descending', async () => {
  const { ask, emulator } = await startGateway();
  await emulator.forgetRequests();
  const id = globalId('Revision', demo.dataSetId, demo.revisionId);
  const { data, errors } = await ask(
    `query ($id: ID!) { node(id: $id) { ... on Revision { assets(first: 1) {
      edges { node { id awsAssetId arn name assetType assetTypeCode sizeBytes revision { comment dataSet { name } } } } pageInfo { hasNextPage } } } } }`,
    { id },
  );
  expect(errors).toBeUndefined();
  expect(data).toMatchInlineSnapshot(`
    {
      "node": {
        "assets": {
          "edges": [
            {
              "node": {
                "arn": "arn:aws:dataexchange:us-east-1:123456789012:data-sets/da7a0000000000000000000000000001/revisions/de710000000000000000000000000001/assets/a55e7000000000000000000000000002",
                "assetType": "S3_SNAPSHOT",
                "assetTypeCode": "S3_SNAPSHOT",
                "awsAssetId": "a55e7000000000000000000000000002",
                "id": "QXNzZXQ6ZGE3YTAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDE6ZGU3MTAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDE6YTU1ZTcwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDI",
                "name": "prices/2024/02.csv",
                "revision": {
                  "comment": "Prices of 2024, still growing",
                  "dataSet": {
                    "name": "Waybill demo: prices",
                  },
                },
                "sizeBytes": 18,
              },
            },
          ],
          "pageInfo": {
            "hasNextPage": true,
          },
        },
      },
    }
  `);
  expect(await emulator.requests()).toEqual({
    'DataExchange.GetRevision': 1,
    'DataExchange.ListRevisionAssets': 1,
    'DataExchange.GetDataSet': 1,
  });
});

test('A revision whose assets cannot be listed keeps its other fields', async () => {
  const { ask, emulator } = await startGateway();
  await emulator.fail('DataExchange.ListRevisionAssets', { status: 403, awsCode: 'AccessDeniedException' });
  const id = globalId('DataSet', demo.dataSetId);
  const { data, errors } = await ask(
    `query ($id: ID!) { node(id: $id) { ... on DataSet { revisions { nodes { comment assets { nodes { name } } } } } } }`,
    { id },
  );
  const { nodes } = field<{ revisions: { nodes: { comment: string; assets: object | null }[] } }>(
    data,
    'node',
  ).revisions;
  expect(nodes.map(({ comment }) => comment)).toEqual(['Prices of 2024, still growing', 'Prices of 2023']);
  expect(nodes.filter(({ assets }) => assets === null)).toHaveLength(1);
  expect(errors).toMatchObject([{ extensions: { code: 'ACCESS_DENIED' } }]);
});

const jobsOfAll = `{ dataSets(first: 2, origin: OWNED) { nodes { awsDataSetId jobs(first: 3) {
  nodes { ... on DataExchangeJob { details { dataSetId dataSet { name } } } } pageInfo { endCursor hasNextPage }
  unavailableServices { service } } } } }`;

interface Jobs {
  readonly jobs: {
    readonly nodes: readonly { readonly details: { readonly dataSetId: string; readonly dataSet: object } }[];
    readonly pageInfo: { readonly endCursor: string; readonly hasNextPage: boolean };
  };
}

test('The jobs of each data set are picked out by the service, and name it without a further read', async () => {
  const { ask, emulator } = await startGateway();
  const { dataSets } = await seedCatalog(emulator, { dataExchange: 10, dataSets: 2 });
  await emulator.forgetRequests();
  const { data, errors } = await ask(jobsOfAll);
  expect(errors).toBeUndefined();
  const { nodes } = field<{ nodes: ({ awsDataSetId: string } & Jobs)[] }>(data, 'dataSets');
  expect(nodes.map(({ awsDataSetId }) => awsDataSetId)).toEqual(dataSets.toReversed());
  for (const { awsDataSetId, jobs } of nodes) {
    expect(jobs.nodes.map(({ details }) => details.dataSetId)).toEqual(Array(3).fill(awsDataSetId));
    expect(jobs.nodes.every(({ details }) => details.dataSet !== null)).toBe(true);
    expect(jobs.pageInfo.hasNextPage).toBe(true);
  }
  expect(await emulator.requests()).toEqual({ 'DataExchange.ListDataSets': 1, 'DataExchange.ListJobs': 2 });
});

const jobsOfRevision = `query ($id: ID!, $after: String, $filter: JobFilter) { node(id: $id) { ... on Revision {
  jobs(first: 2, after: $after, filter: $filter) { nodes { awsJobId } pageInfo { endCursor hasNextPage } } } } }`;

test('The jobs of a revision are paged, and take the rest of the filter', async () => {
  const { ask, emulator } = await startGateway();
  const { dataExchange } = await emulator.seed({ dataExchange: 4 });
  const id = globalId('Revision', demo.dataSetId, demo.revisionId);
  const first = field<Jobs>((await ask(jobsOfRevision, { id })).data, 'node').jobs;
  expect(first.nodes).toEqual([{ awsJobId: dataExchange[3] }, { awsJobId: dataExchange[2] }]);
  const next = field<Jobs>((await ask(jobsOfRevision, { id, after: first.pageInfo.endCursor })).data, 'node').jobs;
  expect(next.nodes).toEqual([{ awsJobId: dataExchange[1] }, { awsJobId: dataExchange[0] }]);
  await emulator.move(dataExchange[0] ?? '', { state: 'IN_PROGRESS' });
  const { data } = await ask(jobsOfRevision, { id, filter: { states: ['IN_PROGRESS'] } });
  expect(field<Jobs>(data, 'node').jobs.nodes).toContainEqual({ awsJobId: dataExchange[0] });
});

test('The jobs of a data set do not take the filter of another', async () => {
  const { ask } = await startGateway();
  const { errors } = await ask(
    `query ($id: ID!, $other: String!) { node(id: $id) { ... on DataSet { jobs(filter: { dataSetId: $other }) { nodes { id } } } } }`,
    { id: globalId('DataSet', demo.dataSetId), other: demo.entitledDataSetId },
  );
  expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', argument: 'filter.dataSetId' } }]);
});
