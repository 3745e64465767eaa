import { expect, test } from 'vitest';
import { globalId } from '../../support/examples.ts';
import { field, startGateway } from '../../support/gateway.ts';

test('The board shows the demo jobs of both services, newest first', async () => {
  const { ask } = await startGateway();
  const { data, errors } = await ask('{ jobs { nodes { service state createdAt } unavailableServices { service } } }');
  expect(errors).toBeUndefined();
  const { nodes, unavailableServices } = field<{
    nodes: { service: string; state: string; createdAt: string }[];
    unavailableServices: unknown[];
  }>(data, 'jobs');
  expect(new Set(nodes.map((node) => node.service))).toEqual(new Set(['DATA_EXCHANGE', 'IMPORT_EXPORT']));
  expect(new Set(nodes.map((node) => node.state)).size).toBeGreaterThan(3);
  expect(nodes.map((node) => node.createdAt)).toEqual(
    nodes
      .map((node) => node.createdAt)
      .toSorted()
      .toReversed(),
  );
  expect(unavailableServices).toEqual([]);
});

test('The members of a response are in the order of the query', async () => {
  const { ask, emulator } = await startGateway();
  await emulator.seed({ importExport: 1 });
  const { data } = await ask(
    '{ jobs(first: 1) { nodes { statusMessage id state service } pageInfo { hasNextPage } } __typename }',
  );
  const order = ['"jobs"', '"nodes"', '"statusMessage"', '"id"', '"state"', '"service"', '"pageInfo"', '"__typename"'];
  const text = JSON.stringify(data);
  expect(order.map((name) => text.indexOf(name))).toEqual(
    order.map((name) => text.indexOf(name)).toSorted((a, b) => a - b),
  );
});

test('A list makes no status call unless a status is selected', async () => {
  const { ask, emulator } = await startGateway();
  await emulator.seed({ dataExchange: 60, importExport: 60 });
  await emulator.forgetRequests();
  const { errors } = await ask('{ jobs(first: 50) { nodes { id createdAt } } }');
  expect(errors).toBeUndefined();
  expect(await emulator.requests()).toEqual({ 'DataExchange.ListJobs': 1, 'ImportExport.ListJobs': 1 });
});

test('Two hundred Data Exchange jobs by id cost at most two calls', async () => {
  const { ask, emulator } = await startGateway();
  const { dataExchange } = await emulator.seed({ dataExchange: 200 });
  await emulator.forgetRequests();
  const ids = dataExchange.map((id) => globalId('DataExchangeJob', id)).toReversed();
  const { data, errors } = await ask('query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Job { state } } }', { ids });
  expect(errors).toBeUndefined();
  expect(data?.['nodes']).toEqual(ids.map((id) => ({ id, state: 'WAITING' })));
  const calls = Object.values(await emulator.requests()).reduce((sum, count) => sum + count, 0);
  expect(calls).toBeLessThanOrEqual(2);
});

test('A malformed id makes only its own node null', async () => {
  const { ask, emulator } = await startGateway();
  const { dataExchange, importExport } = await emulator.seed({ dataExchange: 1, importExport: 1 });
  const [awsDataExchange = ''] = dataExchange;
  const [awsImportExport = ''] = importExport;
  const ids = [
    globalId('DataExchangeJob', awsDataExchange),
    'not an id',
    globalId('ImportExportJob', 'ZZZZZ'),
    globalId('DataExchangeJob', 'f'.repeat(32)),
    Buffer.from('Parcel:1').toString('base64url'),
    globalId('ImportExportJob', awsImportExport),
    globalId('DataExchangeJob', '../../etc'),
    '',
  ];
  const { data, errors } = await ask('query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Job { awsJobId } } }', { ids });
  expect(data?.['nodes']).toEqual([
    { awsJobId: awsDataExchange },
    null,
    null,
    null,
    null,
    { awsJobId: awsImportExport },
    null,
    null,
  ]);
  expect(errors?.map(({ path, extensions }) => [path?.[1], extensions?.['code']])).toEqual([
    [1, 'INVALID_INPUT'],
    [4, 'INVALID_INPUT'],
    [6, 'INVALID_INPUT'],
    [7, 'INVALID_INPUT'],
  ]);
});

test('A failed status makes only its own job null in the list', async () => {
  const { ask, emulator } = await startGateway();
  await emulator.seed({ importExport: 3 });
  await emulator.fail('ImportExport.GetStatus', { status: 200, body: '<html>' });
  const { data, errors } = await ask('{ jobs(first: 3, filter: { service: IMPORT_EXPORT }) { nodes { state } } }');
  const { nodes } = field<{ nodes: ({ state: string } | null)[] }>(data, 'jobs');
  expect(nodes.map((node) => node?.state ?? null).toSorted()).toEqual(['WAITING', 'WAITING', null]);
  expect(errors).toMatchObject([
    { extensions: { code: 'UPSTREAM_BAD_RESPONSE', service: 'IMPORT_EXPORT', retryable: false } },
  ]);
});

test('A status that fails once is read again', async () => {
  const { ask, emulator } = await startGateway();
  await emulator.seed({ importExport: 3 });
  await emulator.fail('ImportExport.GetStatus', { status: 500 });
  await emulator.forgetRequests();
  const { data, errors } = await ask('{ jobs(first: 3, filter: { service: IMPORT_EXPORT }) { nodes { state } } }');
  expect(errors).toBeUndefined();
  expect(field<{ nodes: unknown[] }>(data, 'jobs').nodes).not.toContain(null);
  expect(await emulator.requests()).toMatchObject({ 'ImportExport.GetStatus': 4 });
});

test.each(['ImportExport.ListJobs', 'DataExchange.ListJobs'])(
  'A refused %s leaves the jobs of the other service in the list',
  async (operation) => {
    const { ask, emulator } = await startGateway();
    for (const status of [400, 402, 404, 409]) {
      await emulator.fail(operation, { status });
      const answer = await ask('{ jobs(first: 3) { nodes { __typename } unavailableServices { code } } }');
      const nodes = Array(3).fill({ __typename: expect.any(String) });
      const unavailableServices = [{ code: expect.any(String) }];
      expect(answer).toEqual({ data: { jobs: { nodes, unavailableServices } } });
    }
  },
);

test('Paging to the end returns every job of both services once', async () => {
  const { ask, emulator } = await startGateway();
  await emulator.seed({ dataExchange: 45, importExport: 45 });
  const seen: string[] = [];
  let after: string | null = null;
  for (let page = 0; page < 30; page += 1) {
    const { data } = await ask(
      'query ($after: String) { jobs(first: 7, after: $after) { nodes { id } pageInfo { endCursor hasNextPage } } }',
      { after },
    );
    const { nodes, pageInfo } = field<{
      nodes: { id: string }[];
      pageInfo: { endCursor: string | null; hasNextPage: boolean };
    }>(data, 'jobs');
    seen.push(...nodes.map((node) => node.id));
    if (!pageInfo.hasNextPage) break;
    after = pageInfo.endCursor;
  }
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen.length).toBeGreaterThanOrEqual(90);
});

test.each([0, -1, 201])('A page of %i is refused, with the name of the argument', async (first) => {
  const { ask } = await startGateway();
  const { errors } = await ask('query ($first: Int!) { jobs(first: $first) { nodes { id } } }', { first });
  expect(errors).toMatchObject([{ message: expect.stringContaining('first'), extensions: { code: 'INVALID_INPUT' } }]);
});

test('A job by id is null where there is none, and an error where the id is malformed', async () => {
  const { ask } = await startGateway();
  const query = 'query ($id: ID!) { job(id: $id) { id } node(id: $id) { id } }';
  expect(await ask(query, { id: globalId('ImportExportJob', 'ZZZZZ') })).toEqual({ data: { job: null, node: null } });
  const { data, errors } = await ask(query, { id: 'x' });
  expect(data).toEqual({ job: null, node: null });
  expect(errors?.map((error) => error.extensions?.['code'])).toEqual(['INVALID_INPUT', 'INVALID_INPUT']);
});
