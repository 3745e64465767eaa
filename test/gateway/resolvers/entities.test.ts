/** The gateway as a subgraph: `_entities` and `_service`, as the router of a federated graph asks for them. */
import { describe, expect, test } from 'vitest';
import { demo } from '../../../src/emulator/demo.ts';
import { schema } from '../../../src/schema/index.ts';
import { printedSubgraph } from '../../../src/schema/print-subgraph.ts';
import { globalId } from '../../support/examples.ts';
import { type Answer, startGateway } from '../../support/gateway.ts';
import { codesOf, startGuarded } from '../../support/guarded-gateway.ts';
import { askOver, transports } from '../../support/transports.ts';

const federated = { WAYBILL_FEDERATION: 'on' };

const states = `query ($representations: [_Any!]!) {
  _entities(representations: $representations) { __typename ... on Job { id state } ... on DataSet { name } }
}`;

interface Representation {
  readonly __typename: string;
  readonly id: string;
}

function jobsOf(typeName: string, type: 'DataExchangeJob' | 'ImportExportJob', awsJobIds: readonly string[]) {
  return awsJobIds.map((awsJobId): Representation => ({ __typename: typeName, id: globalId(type, awsJobId) }));
}

test.each(transports)('a router reads entities of every type by their ids over %s', async (transport) => {
  const { url, emulator } = await startGateway(federated);
  const { dataExchange, importExport } = await emulator.seed({ dataExchange: 1, importExport: 1 });
  const revision = [demo.dataSetId, demo.revisionId] as const;
  const representations = [
    ...jobsOf('Job', 'DataExchangeJob', dataExchange),
    ...jobsOf('Job', 'ImportExportJob', importExport),
    ...jobsOf('DataExchangeJob', 'DataExchangeJob', dataExchange),
    ...jobsOf('ImportExportJob', 'ImportExportJob', importExport),
    { __typename: 'DataSet', id: globalId('DataSet', demo.dataSetId) },
    { __typename: 'Revision', id: globalId('Revision', ...revision) },
    { __typename: 'Asset', id: globalId('Asset', ...revision, demo.assetId) },
  ];
  const query = `query ($representations: [_Any!]!) {
    _entities(representations: $representations) {
      __typename ... on Job { state } ... on DataSet { name } ... on Revision { isFinalized } ... on Asset { name }
    }
  }`;
  expect(await askOver(transport, { url }, { query, variables: { representations } })).toMatchInlineSnapshot(`
    {
      "data": {
        "_entities": [
          {
            "__typename": "DataExchangeJob",
            "state": "WAITING",
          },
          {
            "__typename": "ImportExportJob",
            "state": "WAITING",
          },
          {
            "__typename": "DataExchangeJob",
            "state": "WAITING",
          },
          {
            "__typename": "ImportExportJob",
            "state": "WAITING",
          },
          {
            "__typename": "DataSet",
            "name": "Waybill demo: prices",
          },
          {
            "__typename": "Revision",
            "isFinalized": false,
          },
          {
            "__typename": "Asset",
            "name": "prices/2024/01.csv",
          },
        ],
      },
    }
  `);
});

test('200 Data Exchange jobs are one page of the list, in the order of their representations', async () => {
  const { ask, emulator } = await startGateway(federated);
  const { dataExchange } = await emulator.seed({ dataExchange: 200 });
  const representations = jobsOf('Job', 'DataExchangeJob', dataExchange.toReversed());
  await emulator.forgetRequests();
  const { data, errors } = await ask(states, { representations });
  expect(errors).toBeUndefined();
  expect(data).toEqual({
    _entities: representations.map(({ id }) => ({ __typename: 'DataExchangeJob', id, state: 'WAITING' })),
  });
  expect(await emulator.requests()).toEqual({ 'DataExchange.ListJobs': 1 });
});

test('a representation that is wrong says so in its own place, and the others are read', async () => {
  const { ask, emulator } = await startGateway(federated);
  const { dataExchange } = await emulator.seed({ dataExchange: 1 });
  const [right] = jobsOf('Job', 'DataExchangeJob', dataExchange);
  const id = right?.id;
  const representations = [
    right,
    { __typename: 'Invoice', id },
    { __typename: 'password: hunter2', id },
    { id },
    'Job',
    { __typename: 'Job' },
    { __typename: 'Job', id: 7 },
    { __typename: 'Job', id: 'nothing' },
    { __typename: 'DataSet', id },
    { __typename: 'ImportExportJob', id },
    { __typename: 'Job', id: globalId('DataSet', demo.dataSetId) },
    right,
  ];
  const { data, errors = [] } = await ask(states, { representations });
  const job = { __typename: 'DataExchangeJob', id, state: 'WAITING' };
  expect(data).toEqual({ _entities: [job, ...representations.slice(2).map(() => null), job] });
  expect(errors.map(({ path, extensions }) => [path, extensions?.['code'], extensions?.['argument']])).toEqual(
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((index) => [
      ['_entities', index],
      'INVALID_INPUT',
      `representations[${index}].${index < 5 ? '__typename' : 'id'}`,
    ]),
  );
  expect(errors.map(({ message }) => message)).toMatchInlineSnapshot(`
    [
      "The argument \`representations[1].__typename\` is not the name of an entity: expected one of Asset, DataExchangeJob, DataSet, ImportExportJob, Job, Revision, received Invoice.",
      "The argument \`representations[2].__typename\` is not the name of an entity: expected one of Asset, DataExchangeJob, DataSet, ImportExportJob, Job, Revision, received another value.",
      "The argument \`representations[3].__typename\` is not the name of an entity: expected one of Asset, DataExchangeJob, DataSet, ImportExportJob, Job, Revision, received none.",
      "The argument \`representations[4].__typename\` is not the name of an entity: expected one of Asset, DataExchangeJob, DataSet, ImportExportJob, Job, Revision, received none.",
      "The argument \`representations[5].id\` must be a string, an id of the type Job.",
      "The argument \`representations[6].id\` must be a string, an id of the type Job.",
      "The argument \`representations[7].id\` is not an id of the type Job.",
      "The argument \`representations[8].id\` is not an id of the type DataSet.",
      "The argument \`representations[9].id\` is not an id of the type ImportExportJob.",
      "The argument \`representations[10].id\` is not an id of the type Job.",
    ]
  `);
});

test('of more representations than one field takes, the rest are refused one by one', async () => {
  const { ask, emulator } = await startGateway(federated);
  const { dataExchange } = await emulator.seed({ dataExchange: 200 });
  const representations = jobsOf('Job', 'DataExchangeJob', [...dataExchange, ...dataExchange.slice(0, 2)]);
  const { data, errors = [] } = await ask(states, { representations });
  const found = (data as { readonly _entities: readonly unknown[] })._entities;
  expect([found.length, found.filter((each) => each !== null).length]).toEqual([202, 200]);
  expect(errors.map(({ message, path }) => [path, message])).toEqual(
    [200, 201].map((index) => [
      ['_entities', index],
      `The argument \`representations[${index}]\` is one of too many: expected at most 200 representations, received 202.`,
    ]),
  );
});

test('what does not exist is null without an error, and what could not be read is null with one', async () => {
  const { ask, emulator } = await startGateway(federated);
  const { importExport } = await emulator.seed({ importExport: 2 });
  const representations = [
    ...jobsOf('Job', 'DataExchangeJob', ['0'.repeat(32)]),
    ...jobsOf('Job', 'ImportExportJob', ['ZZZZZ', ...importExport]),
    { __typename: 'DataSet', id: globalId('DataSet', '0'.repeat(32)) },
  ];
  const { data, errors } = await ask(states, { representations });
  expect(errors).toBeUndefined();
  expect(data).toMatchObject({ _entities: [null, null, { state: 'WAITING' }, { state: 'WAITING' }, null] });
  await emulator.fail('ImportExport.GetStatus', { status: 500 }, 100);
  const failed = await ask(states, { representations: representations.slice(2, 3) });
  expect(failed.data).toEqual({ _entities: [null] });
  expect(failed.errors).toMatchObject([{ path: ['_entities', 0], extensions: { service: 'IMPORT_EXPORT' } }]);
});

test('representations in the document and by the default of a variable are read too', async () => {
  const { ask, emulator } = await startGateway(federated);
  const { dataExchange } = await emulator.seed({ dataExchange: 1 });
  const id = globalId('DataExchangeJob', dataExchange[0] ?? '');
  const selection = '{ ... on DataExchangeJob { state } }';
  const literal = `[{ __typename: "Job", id: "${id}" }]`;
  const expected = { data: { _entities: [{ state: 'WAITING' }] } };
  expect(await ask(`{ _entities(representations: ${literal}) ${selection} }`)).toEqual(expected);
  expect(await ask(`query ($r: [_Any!]! = ${literal}) { _entities(representations: $r) ${selection} }`)).toEqual(
    expected,
  );
  expect(
    await ask(`query ($id: ID!) { _entities(representations: [{ __typename: "Job", id: $id }]) ${selection} }`, { id }),
  ).toEqual(expected);
  expect(await ask('{ _entities(representations: []) { __typename } }')).toEqual({ data: { _entities: [] } });
});

test('representations count as ids do: a point for each, and the prices of its fields', async () => {
  const { ask } = await startGateway({ ...federated, WAYBILL_MAX_COST: '20' });
  const query = (fields: string) =>
    `query ($r: [_Any!]!) { _entities(representations: $r) { ... on ImportExportJob { ${fields} } } }`;
  const costs = async (count: number, fields: string) =>
    codesOf(await ask(query(fields), { r: jobsOf('Job', 'ImportExportJob', Array(count).fill('ZZZZZ')) }));
  expect(await costs(20, 'id')).toEqual([]);
  expect(await costs(21, 'id')).toEqual(['OPERATION_TOO_COMPLEX']);
  expect(await costs(10, 'manifest')).toEqual([]);
  expect(await costs(11, 'manifest')).toEqual(['OPERATION_TOO_COMPLEX']);
});

describe('A caller', () => {
  const asks = async (scopes: Parameters<typeof startGuarded>[0][string]): Promise<Answer> => {
    const { askAs, emulator } = await startGuarded({ caller: scopes }, federated);
    const { dataExchange } = await emulator.seed({ dataExchange: 1 });
    const representations = [
      ...jobsOf('Job', 'DataExchangeJob', [...dataExchange, '0'.repeat(32)]),
      { __typename: 'DataSet', id: globalId('DataSet', demo.dataSetId) },
    ];
    return askAs('caller', states, { representations });
  };
  const scopesIn = ({ errors = [] }: Answer) =>
    errors.map(({ path, extensions }) => [path?.[1], extensions?.['code'], extensions?.['scope']]);

  test('with jobs:read gets the jobs, and not the data sets', async () => {
    const answer = await asks(['jobs:read']);
    expect(answer.data).toMatchObject({ _entities: [{ state: 'WAITING' }, null, null] });
    expect(scopesIn(answer)).toEqual([[2, 'FORBIDDEN', 'catalog:read']]);
  });

  test('with catalog:read gets the data sets, and does not learn which jobs exist', async () => {
    const answer = await asks(['catalog:read']);
    expect(answer.data).toMatchObject({ _entities: [null, null, { name: expect.any(String) }] });
    expect(scopesIn(answer)).toEqual([
      [0, 'FORBIDDEN', 'jobs:read'],
      [1, 'FORBIDDEN', 'jobs:read'],
    ]);
  });

  test('without a scope gets nothing', async () => {
    const answer = await asks([]);
    expect(answer.data).toEqual({ _entities: [null, null, null] });
    expect(codesOf(answer)).toEqual(['FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN']);
  });
});

const sdl = '{ _service { sdl } }';

test.each(transports)('what composes the graph reads the subgraph over %s', async (transport) => {
  const { url } = await startGateway(federated);
  expect(await askOver(transport, { url }, { query: sdl })).toEqual({ data: { _service: { sdl: printedSubgraph() } } });
});

test('with WAYBILL_INTROSPECTION=scope the subgraph takes the right to read the schema, and entities do not', async () => {
  const rights = { reader: ['jobs:read'], builder: ['schema:read'] } as const;
  const { askAs } = await startGuarded(rights, { ...federated, WAYBILL_INTROSPECTION: 'scope' });
  expect(await askAs('builder', sdl)).toEqual({ data: { _service: { sdl: printedSubgraph() } } });
  for (const query of [sdl, '{ ...S } fragment S on Query { a: _service { __typename } }']) {
    const refused = await askAs('reader', query);
    expect([refused.data, refused.errors]).toMatchObject([undefined, [{ extensions: { scope: 'schema:read' } }]]);
  }
  const representations = jobsOf('Job', 'DataExchangeJob', ['0'.repeat(32)]);
  expect(await askAs('reader', states, { representations })).toEqual({ data: { _entities: [null] } });
});

test('a gateway that is no subgraph knows neither field', async () => {
  const { ask } = await startGateway();
  for (const query of [sdl, '{ _entities(representations: []) { __typename } }', '{ __type(name: "_Any") { name } }']) {
    const { data, errors } = await ask(query);
    expect(data ?? errors?.map(({ extensions }) => extensions?.['code'])).toEqual(
      query.includes('__type(') ? { __type: null } : ['GRAPHQL_VALIDATION_FAILED'],
    );
  }
});

test('the subgraph serves its clients as before, with node, mutations and introspection', async () => {
  const { ask, emulator } = await startGateway(federated);
  const { dataExchange } = await emulator.seed({ dataExchange: 1 });
  const id = globalId('DataExchangeJob', dataExchange[0] ?? '');
  expect(await ask('query ($id: ID!) { node(id: $id) { id } }', { id })).toEqual({ data: { node: { id } } });
  const start = 'mutation ($id: ID!) { startDataExchangeJob(id: $id) { job { state } userErrors { code } } }';
  expect(await ask(start, { id })).toMatchObject({ data: { startDataExchangeJob: { userErrors: [] } } });
  const names = '{ __schema { queryType { fields { name } } } }';
  const fields = ['_entities', '_service', ...Object.keys(schema.getQueryType()?.getFields() ?? {})];
  expect(await ask(names)).toEqual({ data: { __schema: { queryType: { fields: fields.map((name) => ({ name })) } } } });
});
