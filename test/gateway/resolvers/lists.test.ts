/** Lists that are too short, too long, forged or repetitive are refused, or each entry is answered. */
import { expect, test } from 'vitest';
import { globalId, returnAddress } from '../../support/examples.ts';
import { startGateway } from '../../support/gateway.ts';
import { answerWithoutCalls } from '../../support/replies.ts';

const variablePage =
  'query ($first: Int) { jobs(first: $first) { nodes { id history(first: $first) { nodes { state } } } } }';

test.each([0, -1, 201])('A page of %i is refused', async (first) => {
  const { errors } = await answerWithoutCalls('query ($first: Int!) { jobs(first: $first) { nodes { id } } }', {
    first,
  });
  expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', argument: 'first' } }]);
});

test.each([
  ['absent', '{ jobs { nodes { id history { nodes { state } } } } }', {}],
  ['null', '{ jobs(first: null) { nodes { id history(first: null) { nodes { state } } } } }', {}],
  ['a variable that is null', variablePage, { first: null }],
  ['a variable without a value', variablePage, {}],
])('A page whose size is %s has 20 jobs, and each history its steps', async (_title, query, variables) => {
  const { ask, emulator } = await startGateway();
  await emulator.seed({ importExport: 25 });
  const { data, errors } = await ask(query, variables);
  expect(errors).toBeUndefined();
  const job = { id: expect.any(String), history: { nodes: expect.any(Array) } };
  expect(data).toEqual({ jobs: { nodes: Array(20).fill(job) } });
});

test('A history has 20 steps unless another number is asked for', async () => {
  const { ask, client, emulator } = await startGateway();
  const { importExport } = await emulator.seed({ importExport: 1 });
  const [awsJobId = ''] = importExport;
  const id = globalId('ImportExportJob', awsJobId);
  const events = client().iterate({ query: watch, variables: { ids: [id] } });
  await events.next();
  for (let step = 0; step < 21; step += 1) {
    await emulator.move(awsJobId, { progressCode: step % 2 === 0 ? 'InProgress' : 'Pending' });
    await events.next();
  }
  const query = `query ($id: ID!) { job(id: $id) {
    default: history { nodes { state } pageInfo { hasNextPage } }
    null: history(first: null) { nodes { state } pageInfo { hasNextPage } }
    more: history(first: 50) { nodes { state } pageInfo { hasNextPage } }
  } }`;
  const page = (steps: number) => ({
    nodes: Array(steps).fill({ state: expect.any(String) }),
    pageInfo: { hasNextPage: steps < 22 },
  });
  expect(await ask(query, { id })).toEqual({ data: { job: { default: page(20), null: page(20), more: page(22) } } });
});

const forged = Buffer.from('{"filter":"/","positions":{"DATA_EXCHANGE":{"token":5}}}').toString('base64url');

test.each([
  ['of 10 kB', 'a'.repeat(10_000)],
  ['that is not base64', '<script>'],
  ['that is forged', forged],
])('A cursor %s is refused', async (_title, after) => {
  const { errors } = await answerWithoutCalls('query ($after: String!) { jobs(after: $after) { nodes { id } } }', {
    after,
  });
  expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', argument: 'after' } }]);
  expect(JSON.stringify(errors)).not.toContain(after);
});

const label =
  'query ($input: ShippingLabelInput!) { shippingLabel(input: $input) { label { url } userErrors { code field } } }';

test.each([
  [0, 'TOO_FEW'],
  [101, 'TOO_MANY'],
])('A label for %i jobs is refused as %s', async (count, code) => {
  const { ask, emulator } = await startGateway();
  await emulator.forgetRequests();
  const jobIds = Array.from({ length: count }, () => globalId('ImportExportJob', 'AAAAA'));
  const { data } = await ask(label, { input: { jobIds, sender: returnAddress } });
  expect(data).toEqual({
    shippingLabel: { label: null, userErrors: [{ code, field: ['input', 'jobIds'] }] },
  });
  expect(await emulator.requests()).toEqual({});
});

test.each([
  ['1', 1],
  ['100 equal', 100],
])('A label for %s jobs costs one call', async (_title, count) => {
  const { ask, emulator } = await startGateway();
  const { importExport } = await emulator.seed({ importExport: 1 });
  await emulator.forgetRequests();
  const jobIds = Array.from({ length: count }, () => globalId('ImportExportJob', importExport[0] ?? ''));
  const { data } = await ask(label, { input: { jobIds, sender: returnAddress } });
  expect(data).toMatchObject({ shippingLabel: { label: { url: expect.any(String) }, userErrors: [] } });
  expect(await emulator.requests()).toEqual({ 'ImportExport.GetShippingLabel': 1 });
});

const nodes = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }';

test.each([0, 201])('%i nodes are refused', async (count) => {
  const { ask, emulator } = await startGateway();
  await emulator.forgetRequests();
  const { errors } = await ask(nodes, { ids: Array(count).fill(globalId('ImportExportJob', 'AAAAA')) });
  expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', argument: 'ids' } }]);
  expect(await emulator.requests()).toEqual({});
});

test('A node that is requested 101 times is returned 101 times, and read once', async () => {
  const { ask, emulator } = await startGateway();
  const { importExport } = await emulator.seed({ importExport: 1 });
  await emulator.forgetRequests();
  const id = globalId('ImportExportJob', importExport[0] ?? '');
  const { data } = await ask(nodes, { ids: Array(101).fill(id) });
  expect(data).toEqual({ nodes: Array(101).fill({ id }) });
  expect(await emulator.requests()).toEqual({ 'ImportExport.GetStatus': 1 });
});

const watch =
  'subscription ($ids: [ID!]!) { jobStateChanged(ids: $ids) { ... on JobStateChange { job { id } state } } }';

test.each([0, 101])('A subscription to %i jobs is refused and polls nothing', async (count) => {
  const { client, emulator, watcher } = await startGateway();
  await emulator.forgetRequests();
  const ids = Array.from({ length: count }, () => globalId('ImportExportJob', 'AAAAA'));
  const { value } = await client().iterate({ query: watch, variables: { ids } }).next();
  expect(value).toMatchObject({ errors: [{ extensions: { code: 'INVALID_INPUT' } }] });
  expect(watcher.watchedJobs).toBe(0);
  expect(await emulator.requests()).toEqual({});
});

test('A subscription that names a job twice emits each change once', async () => {
  const { client, emulator } = await startGateway();
  const { importExport } = await emulator.seed({ importExport: 1 });
  const [awsJobId = ''] = importExport;
  await emulator.move(awsJobId, { progressCode: 'Complete' });
  const id = globalId('ImportExportJob', awsJobId);
  const events: unknown[] = [];
  for await (const { data } of client().iterate({ query: watch, variables: { ids: [id, id] } })) events.push(data);
  expect(events).toEqual([{ jobStateChanged: { job: { id }, state: 'COMPLETED' } }]);
});
