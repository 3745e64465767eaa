/** What callers with the scopes of jobs, of the catalog, or of both may read. */
import { expect, test } from 'vitest';
import { demo } from '../../../src/emulator/demo.ts';
import { globalId } from '../../support/examples.ts';
import { field } from '../../support/gateway.ts';
import { codesOf, startGuarded } from '../../support/guarded-gateway.ts';

const names = `{ jobs(first: 2, filter: { service: DATA_EXCHANGE }) { nodes { awsJobId
  ... on DataExchangeJob { details { dataSetId dataSet { name } } } } } }`;
const list = '{ dataSets { nodes { id name revisions { nodes { comment } } } pageInfo { hasNextPage endCursor } } }';
const nodes = 'query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }';
const ids = [globalId('DataSet', demo.dataSetId), globalId('DataExchangeJob', demo.waitingJobId)];

test('A caller without catalog:read gets jobs without names, and no call for the names is made', async () => {
  const gateway = await startGuarded({ reader: ['jobs:read'] });
  await gateway.emulator.forgetRequests();
  const { data, errors } = await gateway.askAs('reader', names);
  expect(data).toMatchObject({ jobs: { nodes: [{ details: { dataSet: null } }, { details: { dataSet: null } }] } });
  expect(errors).toMatchObject(
    [0, 1].map((index) => ({
      path: ['jobs', 'nodes', index, 'details', 'dataSet'],
      extensions: { code: 'FORBIDDEN', scope: 'catalog:read' },
    })),
  );
  expect(await gateway.emulator.requests()).toEqual({ 'DataExchange.ListJobs': 1 });
});

test('A caller with only catalog:read lists data sets with their pages, and no jobs', async () => {
  const gateway = await startGuarded({ steward: ['catalog:read'] });
  const { data, errors } = await gateway.askAs('steward', list);
  expect(errors).toBeUndefined();
  expect(data).toMatchObject({ dataSets: { nodes: [{ name: 'Waybill demo: prices' }, {}], pageInfo: {} } });
  const refused = await gateway.askAs('steward', '{ jobs { nodes { id } } }');
  expect(refused.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN', scope: 'jobs:read' } }]);
});

test.each([
  { who: 'jobs:read', rights: ['jobs:read'] as const, expected: [null, 'DataExchangeJob'], scope: 'catalog:read' },
  { who: 'catalog:read', rights: ['catalog:read'] as const, expected: ['DataSet', null], scope: 'jobs:read' },
])('With only $who `nodes` answers its own kind and refuses the other', async ({ rights, expected, scope }) => {
  const gateway = await startGuarded({ caller: rights });
  const { data, errors } = await gateway.askAs('caller', nodes, { ids });
  const types = field<({ __typename: string } | null)[]>(data, 'nodes').map((node) => node?.__typename ?? null);
  expect(types).toEqual(expected);
  expect(errors).toMatchObject([{ path: ['nodes', expected.indexOf(null)], extensions: { code: 'FORBIDDEN', scope } }]);
});

test('A refusal says nothing of whether the data set exists, and makes no call', async () => {
  const gateway = await startGuarded({ reader: ['jobs:read'], nobody: ['jobs:write', 'catalog:write'] });
  await gateway.emulator.forgetRequests();
  for (const name of ['reader', 'nobody']) {
    const answers = await Promise.all(
      [demo.dataSetId, 'f'.repeat(32)].map((id) =>
        gateway.askAs(name, 'query ($id: ID!) { node(id: $id) { id } }', { id: globalId('DataSet', id) }),
      ),
    );
    expect(answers.map(codesOf)).toEqual([['FORBIDDEN'], ['FORBIDDEN']]);
    expect(JSON.stringify(answers[0])).toBe(JSON.stringify(answers[1]));
  }
  expect(await gateway.emulator.requests()).toEqual({});
});

test('Cursors of one caller are not valid for another', async () => {
  const gateway = await startGuarded({ a: ['catalog:read'], b: ['catalog:read'] });
  const { data } = await gateway.askAs('a', '{ dataSets(first: 1) { pageInfo { endCursor } } }');
  const after = (data as { dataSets: { pageInfo: { endCursor: string } } }).dataSets.pageInfo.endCursor;
  const next = 'query ($after: String) { dataSets(first: 1, after: $after) { nodes { name } } }';
  expect(codesOf(await gateway.askAs('a', next, { after }))).toEqual([]);
  expect(codesOf(await gateway.askAs('b', next, { after }))).toEqual(['INVALID_INPUT']);
});

test('The jobs of a data set need jobs:read too', async () => {
  const gateway = await startGuarded({ steward: ['catalog:read'], both: ['catalog:read', 'jobs:read'] });
  const query = '{ dataSets(first: 1, origin: OWNED) { nodes { name jobs(first: 1) { nodes { id } } } } }';
  await gateway.emulator.forgetRequests();
  const { errors } = await gateway.askAs('steward', query);
  expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN', scope: 'jobs:read' } }]);
  expect(await gateway.emulator.requests()).toEqual({ 'DataExchange.ListDataSets': 1 });
  expect((await gateway.askAs('both', query)).errors).toBeUndefined();
});
