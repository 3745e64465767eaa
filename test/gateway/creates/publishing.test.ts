/** Creates of data sets and revisions, over whole operations. */
import { expect, test } from 'vitest';
import { demo } from '../../../src/emulator/demo.ts';
import { type Answer, field, startGateway } from '../../support/gateway.ts';
import { startGuarded } from '../../support/guarded-gateway.ts';
import { MemoryStore } from '../../support/memory-store.ts';
import {
  createDataSet,
  createRevision,
  finalizeRevision,
  newDataSet,
  Publisher,
  revisionIdOf,
} from '../../support/publisher.ts';
import { askOver, transports } from '../../support/transports.ts';

const idempotencyKey = 'order-4711-attempt-1';
const lost = { reset: true, afterCommit: true };

interface Payload {
  readonly dataSet?: { readonly id: string; readonly awsDataSetId: string } | null;
  readonly revision?: { readonly id: string; readonly awsRevisionId: string } | null;
  readonly userErrors: readonly unknown[];
}

const creates = [
  {
    ...{ name: 'createDataSet', query: createDataSet, operation: 'DataExchange.CreateDataSet', lookIn: '`dataSets`' },
    ...{ list: 'DataExchange.ListDataSets', get: 'DataExchange.GetDataSet' },
    ...{ input: newDataSet, other: { ...newDataSet, name: 'Another' } },
    idOf: ({ data }: Answer) => field<Payload>(data, 'createDataSet').dataSet?.awsDataSetId,
    refused: (userErrors: readonly unknown[]) => ({ createDataSet: { dataSet: null, userErrors } }),
    made: (publisher: Publisher) => publisher.dataSetIds(),
  },
  {
    ...{ name: 'createRevision', query: createRevision, operation: 'DataExchange.CreateRevision' },
    ...{ list: 'DataExchange.ListDataSetRevisions', get: 'DataExchange.GetRevision', lookIn: '`revisions`' },
    input: { dataSetId: demo.dataSetId, comment: 'May' },
    other: { dataSetId: demo.dataSetId },
    idOf: ({ data }: Answer) => field<Payload>(data, 'createRevision').revision?.awsRevisionId,
    refused: (userErrors: readonly unknown[]) => ({ createRevision: { revision: null, userErrors } }),
    made: (publisher: Publisher) => publisher.revisionIds(),
  },
];

async function start() {
  const gateway = await startGateway();
  await gateway.emulator.forgetRequests();
  return { ...gateway, publisher: new Publisher(gateway.emulator) };
}

test('a data set, a revision of it and an import are made by mutations only', async () => {
  const { ask, emulator } = await start();
  const { data } = await ask(
    `mutation ($input: CreateDataSetInput!) { createDataSet(input: $input) {
      dataSet { awsDataSetId arn name description assetType origin } userErrors { code } } }`,
    { input: newDataSet },
  );
  const dataSetId = field<Payload>(data, 'createDataSet').dataSet?.awsDataSetId ?? '';
  expect(data).toEqual({
    createDataSet: {
      dataSet: {
        ...newDataSet,
        awsDataSetId: dataSetId,
        arn: `arn:aws:dataexchange:us-east-1:123456789012:data-sets/${dataSetId}`,
        origin: 'OWNED',
      },
      userErrors: [],
    },
  });
  const revision = await ask(createRevision, { input: { dataSetId, comment: 'First' } });
  expect(revision.data).toEqual({
    createRevision: {
      revision: {
        ...{ id: expect.any(String), awsRevisionId: expect.stringMatching(/^[0-9a-f]{32}$/) },
        ...{ comment: 'First', isFinalized: false },
      },
      userErrors: [],
    },
  });
  expect(await emulator.requests()).toEqual({ 'DataExchange.CreateDataSet': 1, 'DataExchange.CreateRevision': 1 });
});

test('all faults of a new data set are listed at once, and nothing is sent', async () => {
  const { ask, emulator } = await start();
  const input = { assetType: 'UNKNOWN', name: '', description: 'x'.repeat(16_349), idempotencyKey: 'short' };
  const { data } = await ask(createDataSet, { input });
  expect(data).toEqual({
    createDataSet: {
      dataSet: null,
      userErrors: [
        { code: 'UNKNOWN_VALUE', field: ['input', 'assetType'], awsCode: null },
        { code: 'TOO_LONG', field: ['input', 'description'], awsCode: null },
        { code: 'TOO_SHORT', field: ['input', 'idempotencyKey'], awsCode: null },
        { code: 'REQUIRED', field: ['input', 'name'], awsCode: null },
      ],
    },
  });
  expect(await emulator.requests()).toEqual({});
});

test.each([
  ['   ', 'REQUIRED'],
  ['Prices\nof May', 'INVALID_CHARACTERS'],
  ['\uD800', 'INVALID_CHARACTERS'],
  ['x'.repeat(1_025), 'TOO_LONG'],
])('the name %j of a data set is refused', async (name, code) => {
  const { ask, emulator } = await start();
  const { data } = await ask(createDataSet, { input: { ...newDataSet, name } });
  const userErrors = [{ code, field: ['input', 'name'], awsCode: null }];
  expect(data).toEqual({ createDataSet: { dataSet: null, userErrors } });
  expect(await emulator.requests()).toEqual({});
});

test('all faults of a new revision are listed at once, and nothing is sent', async () => {
  const { ask, emulator } = await start();
  const { data } = await ask(createRevision, { input: { dataSetId: 'short', comment: 'x'.repeat(16_385) } });
  expect(data).toEqual({
    createRevision: {
      revision: null,
      userErrors: [
        { code: 'TOO_LONG', field: ['input', 'comment'], awsCode: null },
        { code: 'TOO_SHORT', field: ['input', 'dataSetId'], awsCode: null },
      ],
    },
  });
  expect(await emulator.requests()).toEqual({});
});

test.each([
  ['f'.repeat(32), { code: 'NOT_FOUND', field: ['input', 'dataSetId'], awsCode: 'ResourceNotFoundException' }],
  [demo.entitledDataSetId, { code: 'ACCESS_DENIED', field: null, awsCode: 'AccessDeniedException' }],
])('a revision of the data set %s is refused, with and without a key', async (dataSetId, refusal) => {
  const { ask } = await start();
  for (const key of [{}, { idempotencyKey }]) {
    const { data } = await ask(createRevision, { input: { dataSetId, ...key } });
    expect(data).toEqual({ createRevision: { revision: null, userErrors: [refusal] } });
  }
});

test('the quotas of data sets and revisions are user errors', async () => {
  const { ask, emulator } = await start();
  await fetch(`${emulator.url}/_emulator/seed`, {
    method: 'POST',
    body: JSON.stringify({ dataSets: 2_999, revisions: 9_998 }),
  });
  const quota = { code: 'QUOTA_EXCEEDED', field: null, awsCode: 'ServiceLimitExceededException' };
  for (const { query, input, refused } of creates) expect((await ask(query, { input })).data).toEqual(refused([quota]));
});

for (const { name, query, operation, lookIn, list, get, input, other, idOf, refused, made } of creates) {
  const keyed = { ...input, idempotencyKey };

  test(`the same key of ${name} twice makes one, and the second answer is the present one and says so`, async () => {
    const { ask, emulator } = await start();
    const first = await ask(query, { input: keyed });
    const second = await ask(query, { input: keyed });
    expect(first).not.toHaveProperty('extensions');
    expect(second).toEqual({ ...first, extensions: { replayed: true } });
    expect(await emulator.requests()).toEqual({ [operation]: 1, [get]: 1 });
  });

  test(`the same key of ${name} from 100 callers at once is one create, and all receive its result`, async () => {
    const { ask, emulator } = await start();
    const answers = await Promise.all(Array.from({ length: 100 }, () => ask(query, { input: keyed })));
    expect(new Set(answers.map(idOf)).size).toBe(1);
    expect((await emulator.requests())[operation]).toBe(1);
  });

  test(`the same key of ${name} with another input is refused and not sent, while and after the first is under way`, async () => {
    const { ask, emulator } = await start();
    await emulator.fail(operation, { delayMs: 300 });
    const first = ask(query, { input: keyed });
    await expect.poll(async () => (await emulator.requests())[operation] ?? 0).toBe(1);
    const mismatch = { code: 'IDEMPOTENCY_MISMATCH', field: ['input', 'idempotencyKey'], awsCode: null };
    const ask2 = async () => (await ask(query, { input: { ...other, idempotencyKey } })).data;
    expect(await ask2()).toEqual(refused([mismatch]));
    await first;
    expect(await ask2()).toEqual(refused([mismatch]));
    expect((await emulator.requests())[operation]).toBe(1);
  });

  test(`a ${name} whose answer is lost is found by its tag, and answered at once`, async () => {
    const { ask, emulator, publisher } = await start();
    await emulator.fail(operation, lost);
    const answer = await ask(query, { input: keyed });
    expect(answer.errors).toBeUndefined();
    expect(await emulator.requests()).toMatchObject({ [operation]: 1, [list]: 1 });
    expect(await made(publisher)).toEqual([idOf(answer)]);
  });

  test.each([
    ['is empty', { body: '' }],
    ['has no id', { body: '{"Name": "Prices"}' }],
    ['breaks off', { truncateAt: 20 }],
    ['is a failure after the fact', { status: 500, afterCommit: true }],
  ])(`a ${name} whose answer %s is found by its tag, and is unknown without a key`, async (_, fault) => {
    const { ask, emulator, publisher } = await start();
    await emulator.fail(operation, fault);
    const answer = await ask(query, { input: keyed });
    expect(answer.errors).toBeUndefined();
    expect(await made(publisher)).toEqual([idOf(answer)]);
    await emulator.fail(operation, fault);
    const { errors } = await ask(query, { input });
    expect(errors).toMatchObject([{ extensions: { code: 'OUTCOME_UNKNOWN', retryable: false } }]);
  });

  test(`a ${name} without a key is sent every time, and one whose answer is lost is unknown`, async () => {
    const { ask, emulator, publisher } = await start();
    const ids = [idOf(await ask(query, { input })), idOf(await ask(query, { input }))];
    expect(new Set(ids).size).toBe(2);
    await emulator.fail(operation, lost);
    const { errors } = await ask(query, { input });
    expect(errors).toMatchObject([
      { message: expect.stringContaining(lookIn), extensions: { code: 'OUTCOME_UNKNOWN', retryable: false } },
    ]);
    expect(await made(publisher)).toHaveLength(3);
  });

  test(`in an account that refuses tags, ${name} makes one without and says so; a repeat is a replay`, async () => {
    const { ask, emulator, publisher } = await start();
    await emulator.fail(operation, { status: 403, onlyTagged: true }, 10);
    const first = await ask(query, { input: keyed });
    expect(first.extensions).toEqual({ keyNotTagged: true });
    const second = await ask(query, { input: keyed });
    expect(second.extensions).toEqual({ replayed: true });
    expect([idOf(first), idOf(second)]).toEqual(Array(2).fill((await made(publisher))[0]));
    expect((await emulator.requests())[operation]).toBe(2);
  });

  test(`while the store is down ${name} with a key is refused, and one without is not`, async () => {
    const store = new MemoryStore();
    const { ask, emulator } = await startGateway({}, { store });
    store.isDown = true;
    await emulator.forgetRequests();
    const { errors } = await ask(query, { input: keyed });
    expect(errors).toMatchObject([{ extensions: { code: 'IDEMPOTENCY_STORE_UNAVAILABLE', retryable: true } }]);
    expect(await emulator.requests()).toEqual({});
    expect(idOf(await ask(query, { input }))).toBeDefined();
  });
}

test.each(transports)('over %s a create without its tag says so, and its repeat is a replay', async (transport) => {
  const { url, emulator } = await start();
  await emulator.fail('DataExchange.CreateRevision', { status: 400, onlyTagged: true });
  const variables = { input: { dataSetId: demo.dataSetId, idempotencyKey } };
  const send = () => askOver(transport, { url }, { query: createRevision, variables });
  expect(await send()).toMatchObject({ extensions: { keyNotTagged: true } });
  expect(await send()).toMatchObject({ extensions: { replayed: true } });
});

test('a replay shows a data set as it is now', async () => {
  const { ask, publisher } = await start();
  const input = { ...newDataSet, idempotencyKey };
  const { data } = await ask(createDataSet, { input });
  const DataSetId = field<Payload>(data, 'createDataSet').dataSet?.awsDataSetId;
  await publisher.aws.updateDataSet({ DataSetId, Name: 'Renamed' });
  const again = await ask(createDataSet, { input });
  expect(again).toMatchObject({
    data: { createDataSet: { dataSet: { awsDataSetId: DataSetId, name: 'Renamed' } } },
    extensions: { replayed: true },
  });
});

test('a caller with only the scopes of the catalog makes and publishes, and reads why not; one who may only read does not', async () => {
  const gateway = await startGuarded({ publisher: ['catalog:read', 'catalog:write'], reader: ['catalog:read'] });
  const id = revisionIdOf(await new Publisher(gateway.emulator).emptyRevision());
  await gateway.emulator.forgetRequests();
  const requests = [
    [createDataSet, { input: newDataSet }],
    [createRevision, { input: { dataSetId: demo.dataSetId } }],
    [finalizeRevision, { id }],
  ] as const;
  for (const [query, variables] of requests) {
    const { errors } = await gateway.askAs('reader', query, variables);
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN', scope: 'catalog:write' } }]);
  }
  expect(await gateway.emulator.requests()).toEqual({});
  const answers = await Promise.all(requests.map(([query, variables]) => gateway.askAs('publisher', query, variables)));
  expect(answers).toMatchObject([
    { data: { createDataSet: { dataSet: { name: newDataSet.name }, userErrors: [] } } },
    { data: { createRevision: { revision: { isFinalized: false }, userErrors: [] } } },
    { data: { finalizeRevision: { revision: null, userErrors: [{ code: 'REVISION_EMPTY', field: ['id'] }] } } },
  ]);
});
