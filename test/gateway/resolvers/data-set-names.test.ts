/** The links from jobs to data sets, revisions and assets, and the calls that they cost. */
import { describe, expect, test } from 'vitest';
import { demo } from '../../../src/emulator/demo.ts';
import { dataExchangeDetails, globalId } from '../../support/examples.ts';
import { field, startGateway, type TestGateway } from '../../support/gateway.ts';
import { removeDataSet, seedCatalog } from '../../support/seeded-catalog.ts';
import { askOver, transports } from '../../support/transports.ts';

const names = `query ($first: Int!) { jobs(first: $first, filter: { service: DATA_EXCHANGE }) {
  nodes { ... on DataExchangeJob { details { dataSetId dataSet { awsDataSetId name } } } } } }`;

interface NamedJob {
  readonly details: { readonly dataSetId: string; readonly dataSet: { awsDataSetId: string; name: string } | null };
}

function namesIn(data: Record<string, unknown> | null | undefined): readonly NamedJob[] {
  return field<{ nodes: readonly NamedJob[] }>(data, 'jobs').nodes;
}

/** Asks for the names of the newest `first` jobs, each of which must have one; returns the calls. */
async function callsForNames({ ask, emulator }: TestGateway, first: number): Promise<Record<string, number>> {
  await emulator.forgetRequests();
  const { data, errors } = await ask(names, { first });
  expect(errors).toBeUndefined();
  for (const { details } of namesIn(data)) {
    expect(details.dataSet?.awsDataSetId).toBe(details.dataSetId);
    expect(details.dataSet?.name).toMatch(/^Seeded \d+$/);
  }
  expect(namesIn(data)).toHaveLength(first);
  return emulator.requests();
}

describe('The names of data sets', () => {
  test('of 50 jobs over 5 data sets cost 5 reads beside the list', async () => {
    const gateway = await startGateway();
    await seedCatalog(gateway.emulator, { dataExchange: 50, dataSets: 5 });
    expect(await callsForNames(gateway, 50)).toEqual({ 'DataExchange.ListJobs': 1, 'DataExchange.GetDataSet': 5 });
  });

  test('of 50 jobs over 5 data sets, some of them of other accounts, cost 5 reads beside the list', async () => {
    const gateway = await startGateway();
    await seedCatalog(gateway.emulator, { dataExchange: 50, dataSets: 2, entitledDataSets: 3 });
    expect(await callsForNames(gateway, 50)).toEqual({ 'DataExchange.ListJobs': 1, 'DataExchange.GetDataSet': 5 });
  });

  test('of 200 jobs over 100 data sets cost one page of their list beside the two of the jobs', async () => {
    const gateway = await startGateway();
    await seedCatalog(gateway.emulator, { dataExchange: 200, dataSets: 100 });
    expect(await callsForNames(gateway, 200)).toEqual({ 'DataExchange.ListJobs': 2, 'DataExchange.ListDataSets': 1 });
  });

  test('of 100 data sets of which 40 are of other accounts cost a page of each list', async () => {
    const gateway = await startGateway();
    await seedCatalog(gateway.emulator, { dataExchange: 100, dataSets: 60, entitledDataSets: 40 });
    expect(await callsForNames(gateway, 100)).toEqual({ 'DataExchange.ListJobs': 1, 'DataExchange.ListDataSets': 2 });
  });

  test('far down the list cost a read each, and a page of each list in vain', async () => {
    const gateway = await startGateway();
    await seedCatalog(gateway.emulator, { dataExchange: 10, dataSets: 10 });
    await seedCatalog(gateway.emulator, { dataSets: 250 });
    expect(await callsForNames(gateway, 10)).toEqual({
      'DataExchange.ListJobs': 1,
      'DataExchange.ListDataSets': 2,
      'DataExchange.GetDataSet': 10,
    });
  });

  test('cost nothing where they are not asked for', async () => {
    const { ask, emulator } = await startGateway();
    await seedCatalog(emulator, { dataExchange: 5, dataSets: 5 });
    await emulator.forgetRequests();
    await ask(
      '{ jobs(first: 5, filter: { service: DATA_EXCHANGE }) { nodes { ... on DataExchangeJob { details { dataSetId } } } } }',
    );
    expect(await emulator.requests()).toEqual({ 'DataExchange.ListJobs': 1 });
  });
});

test('A data set that was deleted, and one that the account may not read any more, are null without an error', async () => {
  const { ask, emulator, complaints } = await startGateway();
  const seeded = await seedCatalog(emulator, { dataExchange: 4, dataSets: 2, entitledDataSets: 2 });
  const [deleted = '', kept = ''] = seeded.dataSets;
  const [ended = '', shared = ''] = seeded.entitledDataSets;
  for (const id of [deleted, ended]) await removeDataSet(emulator, id);
  const answer = await ask(names, { first: 4 });
  expect(answer.errors).toBeUndefined();
  const found = namesIn(answer.data).map(({ details }) => [details.dataSetId, details.dataSet?.name ?? null]);
  expect(Object.fromEntries(found)).toEqual({
    [deleted]: null,
    [kept]: 'Seeded 1',
    [ended]: null,
    [shared]: 'Seeded 1',
  });
  expect(complaints).toEqual([]);
});

test('Many data sets of which some are gone are read by the lists, and only those by themselves', async () => {
  const { ask, emulator } = await startGateway();
  const { dataSets } = await seedCatalog(emulator, { dataExchange: 40, dataSets: 40 });
  for (const id of dataSets.slice(0, 3)) await removeDataSet(emulator, id);
  await emulator.forgetRequests();
  const { data, errors } = await ask(names, { first: 40 });
  expect(errors).toBeUndefined();
  expect(namesIn(data).filter(({ details }) => details.dataSet === null)).toHaveLength(3);
  expect(await emulator.requests()).toEqual({
    'DataExchange.ListJobs': 1,
    'DataExchange.ListDataSets': 2,
    'DataExchange.GetDataSet': 3,
  });
});

test('A data set that cannot be read is null with an error at its path, and the others are named', async () => {
  const { ask, emulator } = await startGateway();
  await seedCatalog(emulator, { dataExchange: 3, dataSets: 3 });
  await emulator.fail('DataExchange.GetDataSet', { status: 400, awsCode: 'UnknownOperationException' });
  const { data, errors } = await ask(names, { first: 3 });
  const failed = namesIn(data).findIndex(({ details }) => details.dataSet === null);
  expect(namesIn(data).filter(({ details }) => details.dataSet !== null)).toHaveLength(2);
  expect(errors).toMatchObject([
    {
      path: ['jobs', 'nodes', failed, 'details', 'dataSet'],
      extensions: { code: 'UPSTREAM_REJECTED', service: 'DATA_EXCHANGE' },
    },
  ]);
});

test('Where the lists of data sets are denied, each is read by itself', async () => {
  const gateway = await startGateway();
  await seedCatalog(gateway.emulator, { dataExchange: 20, dataSets: 20 });
  await gateway.emulator.fail('DataExchange.ListDataSets', { status: 403, awsCode: 'AccessDeniedException' }, 10);
  expect(await callsForNames(gateway, 20)).toEqual({
    'DataExchange.ListJobs': 1,
    'DataExchange.ListDataSets': 2,
    'DataExchange.GetDataSet': 20,
  });
});

test('A throttled list of data sets is not replaced by a read of each', async () => {
  const { ask, emulator } = await startGateway();
  await seedCatalog(emulator, { dataExchange: 20, dataSets: 20 });
  await emulator.forgetRequests();
  await emulator.fail('DataExchange.ListDataSets', { status: 429, awsCode: 'ThrottlingException' }, 100);
  const { data, errors } = await ask(names, { first: 20 });
  expect(namesIn(data).every(({ details }) => details.dataSet === null)).toBe(true);
  expect(errors?.[0]).toMatchObject({ extensions: { code: 'UPSTREAM_THROTTLED' } });
  expect((await emulator.requests())['DataExchange.GetDataSet']).toBeUndefined();
});

const links = `query ($id: ID!) { job(id: $id) { ... on DataExchangeJob { details {
  dataSet { name }
  ... on ImportAssetsFromS3Details { revision { awsRevisionId comment } }
  ... on CreateS3DataAccessFromS3BucketDetails { revision { awsRevisionId } }
  ... on ImportAssetFromApiGatewayApiDetails { revision { awsRevisionId } }
  ... on ImportAssetFromSignedUrlDetails { revision { awsRevisionId } }
  ... on ImportAssetsFromLakeFormationTagPolicyDetails { revision { awsRevisionId } }
  ... on ImportAssetsFromRedshiftDataSharesDetails { revision { awsRevisionId } }
  ... on ExportAssetToSignedUrlDetails { revision { awsRevisionId } asset { awsAssetId name sizeBytes } }
  ... on ExportAssetsToS3Details { revision { awsRevisionId } destinations { assetId asset { name revision { dataSet { name } } } } }
  ... on ExportRevisionsToS3Details { toRevisions: destinations { revisionId revision { awsRevisionId isFinalized } } }
} } } }`;

const create = `mutation ($details: DataExchangeJobDetailsInput!) {
  createDataExchangeJob(input: { details: $details }) { job { id } userErrors { message } } }`;

test.each(Object.entries(dataExchangeDetails))(
  'A job of the type %s leads to what it is about',
  async (type, details) => {
    const { ask } = await startGateway();
    const created = await ask(create, { details });
    const { job } = field<{ job: { id: string } }>(created.data, 'createDataExchangeJob');
    const { data, errors } = await ask(links, { id: job.id });
    expect(errors).toBeUndefined();
    const found = field<{ details: Record<string, unknown> }>(data, 'job').details;
    expect(found).toMatchObject({ dataSet: { name: 'Waybill demo: prices' } });
    const revision = { awsRevisionId: demo.revisionId };
    if (type === 'EXPORT_REVISIONS_TO_S3')
      expect(found).toMatchObject({ toRevisions: [{ revision: { ...revision, isFinalized: false } }] });
    else expect(found).toMatchObject({ revision });
    if (type === 'EXPORT_ASSET_TO_SIGNED_URL')
      expect(found).toMatchObject({ asset: { awsAssetId: demo.assetId, name: 'prices/2024/01.csv', sizeBytes: 26 } });
    if (type === 'EXPORT_ASSETS_TO_S3')
      expect(found).toMatchObject({
        destinations: [
          { asset: { name: 'prices/2024/01.csv', revision: { dataSet: { name: 'Waybill demo: prices' } } } },
        ],
      });
  },
);

test('A hundred destinations in one revision cost a page of its assets', async () => {
  const { ask, emulator } = await startGateway();
  const destinations = Array.from({ length: 100 }, (_, index) => ({
    assetId: index % 2 === 0 ? demo.assetId : demo.otherAssetId,
    bucket: demo.exportBucket,
    key: `${index}`,
  }));
  const { dataSetId, revisionId } = demo;
  const details = { exportAssetsToS3: { dataSetId, revisionId, destinations } };
  const created = await ask(create, { details });
  const { job } = field<{ job: { id: string } }>(created.data, 'createDataExchangeJob');
  await emulator.forgetRequests();
  const { data, errors } = await ask(links, { id: job.id });
  expect(errors).toBeUndefined();
  expect(JSON.stringify(data)).toContain('prices/2024/02.csv');
  expect(await emulator.requests()).toEqual({
    'DataExchange.GetJob': 1,
    'DataExchange.GetDataSet': 1,
    'DataExchange.GetRevision': 1,
    // Two different assets.
    'DataExchange.GetAsset': 2,
  });
});

test('The revisions of jobs over 20 data sets are read a few at once, each once', async () => {
  const { ask, emulator } = await startGateway();
  await seedCatalog(emulator, { dataExchange: 60, dataSets: 20 });
  await emulator.forgetRequests();
  const { data, errors } =
    await ask(`{ jobs(first: 60, filter: { service: DATA_EXCHANGE }) { nodes { ... on DataExchangeJob {
    details { ... on ExportAssetsToS3Details { revision { comment dataSet { name } } } } } } } }`);
  expect(errors).toBeUndefined();
  expect(JSON.stringify(data)).not.toContain('null');
  expect(await emulator.requests()).toEqual({
    'DataExchange.ListJobs': 1,
    'DataExchange.GetRevision': 20,
    'DataExchange.ListDataSets': 1,
  });
});

describe.each(transports)('Over %s', (transport) => {
  test('the names of jobs are answered', async () => {
    const { url, emulator } = await startGateway();
    await seedCatalog(emulator, { dataExchange: 3, dataSets: 3 });
    const { data, errors } = await askOver(transport, { url }, { query: names, variables: { first: 3 } });
    expect(errors).toBeUndefined();
    expect(namesIn(data as Record<string, unknown>).map(({ details }) => details.dataSet?.name)).toEqual([
      'Seeded 2',
      'Seeded 1',
      'Seeded 0',
    ]);
  });
});

test('Nodes of all kinds are answered together, and what is gone or was never there is null', async () => {
  const { ask, emulator } = await startGateway();
  const gone = 'f'.repeat(32);
  const ids = [
    globalId('DataSet', demo.dataSetId),
    globalId('Revision', demo.dataSetId, demo.revisionId),
    globalId('Asset', demo.dataSetId, demo.revisionId, demo.assetId),
    globalId('DataExchangeJob', demo.waitingJobId),
    globalId('DataSet', gone),
    globalId('Revision', demo.dataSetId, gone),
    globalId('Asset', demo.dataSetId, demo.finalizedRevisionId, demo.assetId),
  ];
  await emulator.forgetRequests();
  const { data, errors } = await ask(
    `query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on DataSet { name } ... on Revision { comment dataSetId } ... on Asset { name dataSetId revisionId } } }`,
    { ids },
  );
  expect(errors).toBeUndefined();
  expect(field(data, 'nodes')).toEqual([
    { __typename: 'DataSet', id: ids[0], name: 'Waybill demo: prices' },
    { __typename: 'Revision', id: ids[1], comment: 'Prices of 2024, still growing', dataSetId: demo.dataSetId },
    {
      __typename: 'Asset',
      id: ids[2],
      name: 'prices/2024/01.csv',
      dataSetId: demo.dataSetId,
      revisionId: demo.revisionId,
    },
    { __typename: 'DataExchangeJob', id: ids[3] },
    null,
    null,
    null,
  ]);
});

test('A hundred data sets by their ids cost one page of their list', async () => {
  const { ask, emulator } = await startGateway();
  const { dataSets } = await seedCatalog(emulator, { dataSets: 100 });
  await emulator.forgetRequests();
  const { data, errors } = await ask(
    'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on DataSet { awsDataSetId name } } }',
    { ids: dataSets.map((awsDataSetId) => globalId('DataSet', awsDataSetId)) },
  );
  expect(errors).toBeUndefined();
  expect(field(data, 'nodes')).toEqual(
    dataSets.map((awsDataSetId, index) => ({ awsDataSetId, name: `Seeded ${index}` })),
  );
  expect(await emulator.requests()).toEqual({ 'DataExchange.ListDataSets': 1 });
});

test.each([
  ['a data set without an id', globalId('DataSet')],
  ['a data set with a short id', globalId('DataSet', 'abc')],
  ['a data set with two ids', globalId('DataSet', demo.dataSetId, demo.revisionId)],
  ['a revision without its data set', globalId('Revision', demo.revisionId)],
  ['an asset without its revision', globalId('Asset', demo.dataSetId, demo.assetId)],
  ['an id with a path', globalId('DataSet', `${demo.dataSetId}/revisions`)],
  ['another type', Buffer.from(`DataGrant:${demo.dataSetId}`).toString('base64url')],
  ['another spelling', `${globalId('DataSet', demo.dataSetId)}=`],
])('A node of %s is an error without a call', async (_title, id) => {
  const { ask, emulator } = await startGateway();
  await emulator.forgetRequests();
  const { data, errors } = await ask('query ($id: ID!) { node(id: $id) { id } }', { id });
  expect(data).toEqual({ node: null });
  expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', argument: 'id' } }]);
  expect(await emulator.requests()).toEqual({});
});

test('`job` does not take the id of a data set', async () => {
  const { ask } = await startGateway();
  const { errors } = await ask('query ($id: ID!) { job(id: $id) { id } }', { id: globalId('DataSet', demo.dataSetId) });
  expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', argument: 'id' } }]);
});

test('An event of a job leads to the name of its data set', async () => {
  const gateway = await startGateway();
  const { dataExchange } = await seedCatalog(gateway.emulator, { dataExchange: 1, dataSets: 1 });
  const ids = [globalId('DataExchangeJob', dataExchange[0] ?? '')];
  const query = `subscription ($ids: [ID!]!) { jobStateChanged(ids: $ids) { ... on JobStateChange {
    job { ... on DataExchangeJob { details { dataSet { name } } } } } } }`;
  const events = gateway.client().iterate({ query, variables: { ids } });
  expect((await events.next()).value?.data).toEqual({
    jobStateChanged: { job: { details: { dataSet: { name: 'Seeded 0' } } } },
  });
});
