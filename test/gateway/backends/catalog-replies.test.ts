/** Replies about data sets, revisions and assets with members that are missing, broken or unknown. */
import { describe, expect, test } from 'vitest';
import { demo } from '../../../src/emulator/demo.ts';
import { globalId } from '../../support/examples.ts';
import { field, scraped, startGateway, type TestGateway } from '../../support/gateway.ts';

type Members = Readonly<Record<string, unknown>>;

const dates = { CreatedAt: '2026-03-01T09:30:00.000Z', UpdatedAt: '2026-03-02T09:30:00.000Z' };

function dataSet(number: number, changes: Members = {}): Members {
  return {
    ...dates,
    Arn: `arn:aws:dataexchange:us-east-1:123456789012:data-sets/${number}`,
    AssetType: 'S3_SNAPSHOT',
    Description: 'Prices',
    Id: String(number).padStart(32, '0'),
    Name: `Data set ${number}`,
    Origin: 'OWNED',
    ...changes,
  };
}

function answering({ emulator }: TestGateway, operation: string, body: unknown): Promise<unknown> {
  return emulator.fail(`DataExchange.${operation}`, { status: 200, body: JSON.stringify(body) }, 3);
}

const list =
  '{ dataSets(origin: OWNED) { nodes { name description assetType assetTypeCode origin originCode } pageInfo { hasNextPage } } }';

describe('An entry of a list', () => {
  test.each<[string, Members]>([
    ['without an id', { Id: undefined }],
    ['with an id of a path', { Id: '../../../../../../../../../../../../' }],
    ['without a name', { Name: undefined }],
    ['with a name that is a number', { Name: 7 }],
    ['with a date that is none', { CreatedAt: 'yesterday' }],
    ['with a type that is no word', { AssetType: 'S3 SNAPSHOT\n' }],
    ['without an origin', { Origin: null }],
    ['without an ARN', { Arn: '' }],
  ])('%s is null with an error, and affects no other.', async (_title, changes) => {
    const gateway = await startGateway({ WAYBILL_METRICS_PORT: '0' });
    await answering(gateway, 'ListDataSets', { DataSets: [dataSet(1), dataSet(2, changes), dataSet(3)] });
    const { data, errors } = await gateway.ask(list);
    const { nodes } = field<{ nodes: ({ name: string } | null)[] }>(data, 'dataSets');
    expect(nodes.map((node) => node?.name ?? null)).toEqual(['Data set 1', null, 'Data set 3']);
    expect(errors).toMatchObject([
      { path: ['dataSets', 'nodes', 1], extensions: { code: 'UPSTREAM_BAD_RESPONSE', service: 'DATA_EXCHANGE' } },
    ]);
    expect(await scraped(gateway.metricsUrl)).toContain(
      'waybill_upstream_unknown_values_total{service="DATA_EXCHANGE",member="entry"} 1',
    );
    expect(gateway.complaints).toEqual([]);
  });

  test('is on one page only, where each entry is one of its own', async () => {
    const gateway = await startGateway();
    const DataSets = [dataSet(1), dataSet(2, { Name: 7 }), dataSet(3), dataSet(4, { Id: 7 }), dataSet(5)];
    await gateway.emulator.fail('DataExchange.ListDataSets', { status: 200, body: JSON.stringify({ DataSets }) }, 50);
    const seen: (string | null)[] = [];
    let after: string | null = null;
    for (let pages = 0; pages < 10; pages += 1) {
      const { data } = await gateway.ask(
        'query ($after: String) { dataSets(origin: OWNED, first: 1, after: $after) { nodes { name } pageInfo { endCursor hasNextPage } } }',
        { after },
      );
      const { nodes, pageInfo } = field<{
        nodes: ({ name: string } | null)[];
        pageInfo: { endCursor: string; hasNextPage: boolean };
      }>(data, 'dataSets');
      seen.push(...nodes.map((node) => node?.name ?? null));
      if (!pageInfo.hasNextPage) break;
      after = pageInfo.endCursor;
    }
    expect(seen).toEqual(['Data set 1', null, 'Data set 3', null, 'Data set 5']);
  });

  test('with a description that cannot be read has none, and a word that is new is UNKNOWN with the word beside it', async () => {
    const gateway = await startGateway({ WAYBILL_METRICS_PORT: '0' });
    const changes = { Description: ['a'], AssetType: 'ICEBERG_TABLE', Origin: 'BORROWED' };
    await answering(gateway, 'ListDataSets', { DataSets: [dataSet(1, changes)] });
    expect(await gateway.ask(list)).toEqual({
      data: {
        dataSets: {
          nodes: [
            {
              name: 'Data set 1',
              description: null,
              assetType: 'UNKNOWN',
              assetTypeCode: 'ICEBERG_TABLE',
              origin: 'UNKNOWN',
              originCode: 'BORROWED',
            },
          ],
          pageInfo: { hasNextPage: false },
        },
      },
    });
    const metrics = await scraped(gateway.metricsUrl);
    expect(metrics).toContain('waybill_upstream_unknown_values_total{service="DATA_EXCHANGE",member="type"} 1');
    expect(metrics).toContain('waybill_upstream_unknown_values_total{service="DATA_EXCHANGE",member="detail"} 1');
  });

  test.each([
    ['letters that change the direction of writing', '\u202eteertS ynA 321 שלום'],
    ['markup', '<script>alert(1)</script> {{x}}'],
    ['line breaks and zeros', 'a\r\nb\0'],
    ['half of a surrogate pair', 'a\ud800'],
    ['nothing', ''],
  ])('whose name has %s is named as the service names it.', async (_title, name) => {
    const gateway = await startGateway();
    await answering(gateway, 'ListDataSets', { DataSets: [dataSet(1, { Name: name })] });
    const { data } = await gateway.ask(list);
    expect(field<{ nodes: unknown[] }>(data, 'dataSets').nodes).toMatchObject([{ name }]);
  });

  test('with texts beyond any limit has their beginning, without half of a character', async () => {
    const gateway = await startGateway();
    const changes = { Name: `${'n'.repeat(1_022)}😀😀`, Description: 'd'.repeat(50_000) };
    await answering(gateway, 'ListDataSets', { DataSets: [dataSet(1, changes)] });
    const { data } = await gateway.ask(list);
    expect(field<{ nodes: unknown[] }>(data, 'dataSets').nodes).toMatchObject([
      { name: `${'n'.repeat(1_022)}…`, description: `${'d'.repeat(16_383)}…` },
    ]);
  });
});

test.each<[string, unknown]>([
  ['no JSON', 'no JSON'],
  ['a list of another kind', { Jobs: [] }],
  ['a list that is an object', { DataSets: {} }],
  ['null', null],
])('A list that is %s is an error, and null', async (_title, body) => {
  const gateway = await startGateway();
  await answering(gateway, 'ListDataSets', body);
  const { data, errors } = await gateway.ask(list);
  expect(data).toEqual({ dataSets: null });
  expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_BAD_RESPONSE' } }]);
  expect(gateway.complaints).toEqual([]);
});

const revision = {
  ...dates,
  Arn: 'arn:aws:dataexchange:us-east-1:123456789012:data-sets/a/revisions/b',
  Comment: 'First',
  DataSetId: demo.dataSetId,
  Id: demo.revisionId,
};
const readRevision =
  'query ($id: ID!) { node(id: $id) { ... on Revision { comment isFinalized isRevoked revocationComment } } }';
const revisionId = globalId('Revision', demo.dataSetId, demo.revisionId);

test('A revision without flags is neither finalized nor revoked', async () => {
  const gateway = await startGateway();
  await answering(gateway, 'GetRevision', revision);
  expect(await gateway.ask(readRevision, { id: revisionId })).toEqual({
    data: { node: { comment: 'First', isFinalized: false, isRevoked: false, revocationComment: null } },
  });
});

test('A revoked revision says so, and why', async () => {
  const gateway = await startGateway();
  const revoked = { Finalized: true, Revoked: true, RevocationComment: 'Wrong prices' };
  await answering(gateway, 'GetRevision', { ...revision, ...revoked });
  expect(await gateway.ask(readRevision, { id: revisionId })).toEqual({
    data: { node: { comment: 'First', isFinalized: true, isRevoked: true, revocationComment: 'Wrong prices' } },
  });
});

test.each<[string, Members]>([
  ['whose flag is a word', { Finalized: 'yes' }],
  ['about another revision', { Id: demo.finalizedRevisionId }],
  ['of another data set', { DataSetId: demo.entitledDataSetId }],
])('An answer %s is no answer', async (_title, changes) => {
  const gateway = await startGateway();
  await answering(gateway, 'GetRevision', { ...revision, ...changes });
  const { data, errors } = await gateway.ask(readRevision, { id: revisionId });
  expect(data).toEqual({ node: null });
  expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_BAD_RESPONSE' } }]);
});

test.each<[string, unknown, number | null]>([
  ['a size', { S3SnapshotAsset: { Size: 12.5 } }, 12.5],
  ['a size that is none', { S3SnapshotAsset: { Size: -1 } }, null],
  ['no details', undefined, null],
  ['details of another kind', { RedshiftDataShareAsset: { Arn: 'arn' } }, null],
])('An asset with %s has the size that it tells', async (_title, AssetDetails, sizeBytes) => {
  const gateway = await startGateway();
  const ids = { DataSetId: demo.dataSetId, RevisionId: demo.revisionId, Id: demo.assetId };
  const asset = {
    ...dates,
    ...ids,
    Arn: 'arn:aws:dataexchange',
    AssetDetails,
    AssetType: 'S3_SNAPSHOT',
    Name: 'a.csv',
  };
  await answering(gateway, 'GetAsset', asset);
  const id = globalId('Asset', demo.dataSetId, demo.revisionId, demo.assetId);
  const { data } = await gateway.ask('query ($id: ID!) { node(id: $id) { ... on Asset { name sizeBytes } } }', { id });
  expect(data).toEqual({ node: { name: 'a.csv', sizeBytes } });
});
